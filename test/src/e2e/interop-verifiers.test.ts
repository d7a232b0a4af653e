import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import * as oauth from 'oauth4webapi';
import { missing, needs, run, runScript } from '../interop/programs.ts';
import { type InteropScene, openInteropScene } from '../interop/scene.ts';
import { resource, suiteScope } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Verdicts = Record<string, string>;

/** What each must say of the tokens of the scene, whatever its words. */
function assertVerdicts(verdicts: Verdicts, { bad }: InteropScene): void {
  assert.equal(verdicts['good'], 'accepted');
  for (const name of Object.keys(bad)) {
    assert.ok(verdicts[name] !== undefined && verdicts[name] !== 'accepted', `${name}: ${verdicts[name]}`);
  }
}

/** What a service of Node says to a request with the token and a proof for it. */
async function verdictsOf(
  { good, bad, ofAnotherType, device }: InteropScene,
  url: string,
  judge: (request: { token: string; proof: string }) => Promise<{ status: number; reason: string }>,
): Promise<Verdicts> {
  const verdicts: Verdicts = {};
  for (const [name, token] of Object.entries({ good, ...bad, ofAnotherType })) {
    const now = Date.now();
    const proof = await device.fake.dpopProof({ method: 'GET', url, nonce: 'n', now, accessToken: token });
    const { status, reason } = await judge({ token, proof });
    verdicts[name] = status === 200 ? 'accepted' : `${status} ${reason}`;
  }
  return verdicts;
}

describe('verifiers that know the issuer and nothing else of Postern', () => {
  const scope = suiteScope();
  let scene: InteropScene;
  before(async () => {
    scene = await openInteropScene(scope);
  });
  after(() => scope.clean());

  for (const [name, script, lacking] of [
    ['authlib', 'verify_authlib.py', missing.authlib],
    ['PyJWT', 'verify_pyjwt.py', missing.pyjwt],
  ] as const) {
    test(`${name} takes a good token and refuses every other`, needs(lacking), async () => {
      const { good, bad, ofAnotherType, backend } = scene;
      const verdicts = await runScript<Verdicts>(script, {
        issuer: backend.url,
        audience: resource,
        tokens: { good, ...bad, ofAnotherType },
      });
      assertVerdicts(verdicts, scene);
      assert.match(verdicts['expired'] ?? '', /expired/i, 'and for the reason that it is');
      // docs/federation.md warns of it: no token of another type may ever have the audience of a resource.
      assert.equal(verdicts['ofAnotherType'], 'accepted', 'the type is not looked at');
    });
  }

  test('the jose command verifies the signature by the key set as it is served', needs(missing.jose), async (t) => {
    const { good, bad, backend } = scene;
    const keySet = join(temporaryFolder(t, 'jose'), 'jwks.json');
    writeFileSync(keySet, await (await fetch(`${backend.url}/.well-known/jwks.json`)).text());
    const payloadOf = async (token: string) => {
      const { code, stdout } = await run('jose', ['jws', 'ver', '-i', '-', '-k', keySet, '-O', '-'], token);
      return code === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : undefined;
    };
    assert.equal((await payloadOf(good))?.['aud'], resource);
    // It looks at no claim, and takes any key of the set.
    const signedByUs = new Set(['expired', 'for another audience', 'of another issuer', 'without an end']);
    for (const [name, token] of Object.entries(bad)) {
      assert.equal((await payloadOf(token)) !== undefined, signedByUs.has(name), name);
    }
  });

  test('express-oauth2-jwt-bearer, strict and with DPoP, takes a good token and refuses every other', async (t) => {
    const application = express();
    application.use(
      auth({
        issuerBaseURL: scene.backend.url,
        audience: resource,
        tokenSigningAlg: 'ES256',
        strict: true,
        dpop: { enabled: true, required: true },
      }),
    );
    application.get('/things', (_request, response) => void response.json({}));
    application.use(
      (error: { status?: number; message: string }, _request: unknown, response: express.Response, _next: unknown) =>
        void response.status(error.status ?? 500).json({ reason: error.message }),
    );
    const server = createServer(application).listen(0, '127.0.0.1');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise((listening) => server.once('listening', listening));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/things`;
    const call = async (headers: Record<string, string>) => {
      const answer = await fetch(url, { headers });
      return { status: answer.status, reason: await answer.text() };
    };
    const verdicts = await verdictsOf(scene, url, ({ token, proof }) =>
      call({ authorization: `DPoP ${token}`, dpop: proof }),
    );
    assertVerdicts(verdicts, scene);
    assert.notEqual(verdicts['ofAnotherType'], 'accepted', 'strict is about the type');
    for (const [name, verdict] of Object.entries(verdicts)) assert.doesNotMatch(verdict, /^5/, name);

    const { good, device } = scene;
    assert.notEqual((await call({ authorization: `Bearer ${good}` })).status, 200, 'no bearer token');
    assert.notEqual((await call({ authorization: `DPoP ${good}` })).status, 200, 'not without proof');
    const elsewhere = { method: 'GET', url: `${url}/else`, nonce: 'n', now: Date.now(), accessToken: good };
    const dpop = await device.fake.dpopProof(elsewhere);
    assert.notEqual((await call({ authorization: `DPoP ${good}`, dpop })).status, 200, 'nor with that of another URL');
  });

  test('oauth4webapi takes a good token and refuses every other', async () => {
    const loopback = { [oauth.allowInsecureRequests]: true } as const;
    const issuer = new URL(scene.backend.url);
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...loopback });
    const as = await oauth.processDiscoveryResponse(issuer, found);
    const url = `${resource}/things`;
    // Its default is every algorithm of the key set, and so the keys of signals too: docs/federation.md says to name one.
    const options = {
      requireDPoP: true,
      signingAlgorithms: as.id_token_signing_alg_values_supported ?? [],
      ...loopback,
    };
    const verdicts = await verdictsOf(scene, url, async ({ token, proof }) => {
      const request = new Request(url, { headers: { authorization: `DPoP ${token}`, dpop: proof } });
      try {
        await oauth.validateJwtAccessToken(as, request, resource, options);
        return { status: 200, reason: '' };
      } catch (error) {
        return { status: 401, reason: String(error) };
      }
    });
    assertVerdicts(verdicts, scene);
    assert.notEqual(verdicts['ofAnotherType'], 'accepted');
  });

  test('a client that was written with authlib gets a token', needs(missing.authlib), async () => {
    const { backend, device, key } = scene;
    const ask = (question: object) =>
      runScript<{ statuses: number[]; answer: Record<string, unknown> }>('client_authlib.py', {
        issuer: backend.url,
        client_id: device.fake.id,
        resource,
        key,
        ...question,
      });
    const { statuses, answer } = await ask({});
    assert.deepEqual(statuses, [400, 200], 'refused for want of a nonce, then granted');
    assert.equal(answer['token_type'], 'DPoP');
    assert.match(String(answer['access_token']), /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const refused = await ask({ resource: 'https://nobody.example' });
    assert.deepEqual([refused.statuses, refused.answer['error']], [[400, 400], 'invalid_target']);
  });
});
