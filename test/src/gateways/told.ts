import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';
import { toldAbout } from '../support/gateway-application.ts';
import { everything, everythingClaimed, startTellingPostern } from '../support/gateway-told.ts';
import { sendOverHttp2, type SentRequest } from '../support/gateway-request.ts';
import type { suiteScope } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { badProofs } from './bad-proofs.ts';
import { badTokens } from './bad-tokens.ts';
import { provedRequest, signedByBackend, spoofed } from './requests.ts';
import type { GatewayUnderTest, Shielded } from './shielded.ts';

/** What the application learns of who asks. */
export function told(gateway: GatewayUnderTest, at: () => Shielded, scope: ReturnType<typeof suiteScope>): void {
  const { noncesOfSuccess = gateway.explains } = gateway;
  const spoofedPlainly = spoofed.filter(([name]) => gateway.refusesUnderscores !== true || !name.includes('_'));

  test('gets the request as it was sent, who asks, and no token', async () => {
    const answer = await at().assertReaches(await at().good());
    assert.equal(answer.text, 'the application');
    if (noncesOfSuccess) assert.equal(typeof answer.headers['dpop-nonce'], 'string');
  });

  test('gets the body of a request, though nobody else reads it', async () => {
    const body = JSON.stringify({ text: 'ä'.repeat(20_000) });
    at().taken();
    const answer = await at().send(await at().good({ method: 'POST', path: '/notes', body }));
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      at()
        .taken()
        .map((request) => [request.method, request.path, request.body]),
      [['POST', '/notes', body]],
    );
  });

  test('learns who asks from the gateway alone, however clients spell it', async () => {
    for (const header of spoofed) {
      const request = await at().good({ headers: [header] });
      if (gateway.refusesUnderscores === true && header[0].includes('_')) await at().assertStopped(request);
      else await at().assertReaches(request);
      await at().assertStopped({ path: '/things', headers: [header] });
    }
    await at().assertReaches(await at().good({ headers: [...spoofedPlainly, ...spoofedPlainly] }));
  });

  test('learns everything that Postern says of who asks', async () => {
    const text = await signedByBackend(at().place, everythingClaimed);
    const way = await startTellingPostern(scope, at().place, decodeJwt(text));
    const folder = temporaryFolder(scope, 'telling');
    const { port } = await gateway.start({ ...at().place, way, folder }, scope);
    const request = await provedRequest(at().place, text, { scheme: at().scheme, headers: spoofedPlainly });
    at().taken();
    const answer = await at().send(request, port);
    assert.equal(answer.status, 200, answer.text);
    const told = Object.entries(everything).filter(([name]) => gateway.tells?.some((each) => each === name) ?? true);
    assert.deepEqual(at().taken().map(toldAbout), [Object.fromEntries(told)]);
  });

  test('sees no credential of a gateway that a client sends, and neither does it help', async () => {
    const { id, secret } = at().place.credential;
    await at().assertReaches(await at().good({ headers: [['Postern-Gateway', `gw_none:wrong`]] }));
    await at().assertStopped({ path: '/things', headers: [['Postern-Gateway', `${id}:${secret}`]] });
  });

  if (gateway.http2 === true)
    test('all of this holds for HTTP/2', async () => {
      const over2 = (request: SentRequest) =>
        sendOverHttp2({ port: at().running.port, authority: at().place.certificates.authorityText }, request);
      const spoofing = await at().good({ headers: spoofed.map(([name, value]) => [name.toLowerCase(), value]) });
      at().taken();
      assert.equal(await over2(spoofing), 200);
      assert.deepEqual(
        at()
          .taken()
          .map((request) => [request.path, toldAbout(request)]),
        [[spoofing.path, at().identity()]],
      );
      const attacks = { ...badTokens, ...badProofs };
      const bad = await Promise.all(Object.values(attacks).map((attack) => attack(at().place, at().token)));
      // One header cannot come twice in what Node sends over HTTP/2.
      for (const request of [spoofing, ...bad.flat()])
        if (new Set(request.headers?.map(([name]) => name)).size === (request.headers?.length ?? 0))
          await over2(request);
      assert.deepEqual(at().taken(), []);
    });
}
