import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { minute, second } from '@postern/shared/time';
import { partOf } from '../support/forged-jws.ts';
import { attested } from '../support/scene.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { checks } from './checks.ts';
import {
  askLibrary,
  assertAllDoorsTake,
  assertNoDoorTakes,
  assertPaperRefused,
  assertPapersGood,
  openDoors,
  openLibrary,
  publishedKeys,
  serverKey,
} from './doors.ts';
import { keyObject, resealed, withMembers } from './raw-jws.ts';

const jwksPath = '/.well-known/jwks.json';

checks('kid injection', 'a kid is one exact name, and what looks like a path or SQL names nothing', async (t) => {
  const { backend, admin, device, deviceKey, serverKey: key, doors, papers } = await openDoors(t);
  const other = await attested(backend, admin);
  const token = await device.accessToken();
  const kid = String(partOf(token, 0)['kid']);
  const [{ kid: ofSignals } = assert.fail()] = await publishedKeys(backend.url, 'signal');

  const never = [
    '../../../../dev/null',
    '/dev/null',
    'file:///etc/passwd',
    `${backend.url}${jwksPath}`,
    `' or '1'='1`,
    `' union select '${kid}' --`,
    `${kid}'--`,
    `${kid}%`,
    '%',
    '*',
    `${kid}\0`,
    `${kid}\n`,
    ` ${kid}`,
    kid.toLowerCase(),
    kid.slice(0, -1),
    'A'.repeat(129),
    'A'.repeat(3000),
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '',
    0,
    true,
    null,
    [kid],
    { kid },
    ofSignals,
    device.fake.jkt,
  ];
  for (const named of [...never, undefined])
    await assertNoDoorTakes(
      doors,
      `with kid ${JSON.stringify(named)?.slice(0, 60)}`,
      resealed(token, key, { header: withMembers({ kid: named }) }),
    );
  // A device's own key has one name too; where it may be left out, the device is known otherwise.
  for (const paper of papers.filter(({ name }) => name !== 'DPoP proof'))
    for (const named of [...never.filter((each) => each !== device.fake.jkt), other.fake.jkt, kid]) {
      const text = resealed(await paper.genuine(), deviceKey, { header: withMembers({ kid: named }) });
      await assertPaperRefused(
        paper,
        `with kid ${JSON.stringify(named)?.slice(0, 60)}`,
        text,
        /_(?:foreign_key|invalid|malformed|signature)$/,
      );
    }
  await assertAllDoorsTake(doors, token);
  await assertPapersGood(papers, deviceKey, device);
});

checks(
  'jku/x5u/x5c/jwk in tokens',
  'a key that a document brings or points to is neither taken nor fetched',
  async (t) => {
    const { device, deviceKey, serverKey: key, doors, papers } = await openDoors(t);
    const token = await device.accessToken();
    const pair = await generateKeyPair('ES256', { extractable: true });
    const thief = keyObject(pair.privateKey);
    const jwk = { ...(await exportJWK(pair.publicKey)), alg: 'ES256', use: 'sig' };
    const lure = { url: '', asked: 0 };
    const server = createServer((_request, answer) => {
      lure.asked += 1;
      answer.end(
        JSON.stringify({
          keys: [
            { ...jwk, kid: partOf(token, 0)['kid'] },
            { ...jwk, kid: 'thief' },
          ],
        }),
      );
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    t.after(() => void server.close());
    lure.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    const certificate = Buffer.from('thief').toString('base64');

    const brought = [
      { jku: lure.url },
      { x5u: lure.url },
      { jwk },
      { x5c: [certificate] },
      { jku: lure.url, jwk, x5u: lure.url },
    ];
    for (const members of brought)
      for (const named of [{}, { kid: 'thief' }, { kid: lure.url }, { kid: undefined }]) {
        const header = withMembers({ ...members, ...named });
        const what = `with ${Object.keys(members).join(' ')}`;
        await assertNoDoorTakes(doors, what, resealed(token, thief, { header }));
        for (const paper of papers)
          // A proof is signed by the key that it brings: by a thief's it is good, and opens nothing of another device.
          await assertPaperRefused(
            paper,
            what,
            resealed(await paper.genuine(), thief, { header }),
            /_(?:invalid|malformed|foreign_key|other_key|signature)$/,
          );
      }
    // Where the signature is right all the same, what else the header says is at most ignored.
    for (const members of [{ jku: lure.url }, { x5u: lure.url }]) {
      const header = withMembers(members);
      for (const door of doors) await door.takes(resealed(token, key, { header }));
      for (const paper of papers) await paper.show(resealed(await paper.genuine(), deviceKey, { header }));
    }
    const privately = withMembers({ jwk: deviceKey.export({ format: 'jwk' }) });
    const [proof] = papers;
    assert.ok(proof);
    await assertPaperRefused(
      proof,
      'with a private key',
      resealed(await proof.genuine(), deviceKey, { header: privately }),
      /^proof_invalid$/,
    );
    assert.equal(lure.asked, 0, 'nobody asks where a document says');
    await assertAllDoorsTake(doors, token);
  },
);

checks(
  'JWKS cache',
  'the issuer is asked once for all, and made-up kids make nobody ask it more than twice a minute',
  async (t) => {
    const { backend, device, serverKey: key } = await openDoors(t);
    const way = await startTcpProxy(t, Number(new URL(backend.url).port));
    const { library, asked } = openLibrary(t, backend, { backendUrl: `http://127.0.0.1:${way.port}` });
    const fetched = () => asked.filter((path) => path === jwksPath).length;
    const token = await device.accessToken();
    const forged = (kid: string) => resealed(token, key, { header: withMembers({ kid }) });
    const flood = async (round: string) => {
      for (const outcome of await Promise.all(
        Array.from({ length: 40 }, (_, each) => askLibrary(library, device, forged(`${round}-${each}`))),
      ))
        assert.equal(!outcome.ok && outcome.status, 401);
    };
    const passes = async (text = token) => (await askLibrary(library, device, text)).ok;

    // Single flight: nobody holds the keys yet, and all want them.
    assert.ok((await Promise.all(Array.from({ length: 40 }, () => passes()))).every(Boolean));
    assert.equal(fetched(), 1);
    await flood('at-once');
    assert.equal(fetched(), 1, 'they were read a moment ago');
    backend.clock.advance(30 * second);
    await flood('after-30');
    assert.equal(fetched(), 2, 'one fetch for forty kids that nobody knows');
    backend.clock.advance(29 * second);
    await flood('29-later');
    assert.equal(fetched(), 2);

    // A kid that is new is found, in the same one fetch.
    const { signingKeys } = backend.server.deps as unknown as {
      signingKeys: { rotateNow(now: number): Promise<void> };
    };
    await signingKeys.rotateNow(backend.clock.now());
    const next = await device.accessToken();
    assert.notEqual(partOf(next, 0)['kid'], partOf(token, 0)['kid']);
    assert.equal(await passes(next), false, 'not before the 30 s are over');
    backend.clock.advance(second);
    assert.equal(await passes(next), true);
    assert.equal(await passes(token), false, 'an emergency took its key away');
    assert.equal(fetched(), 3);

    // Old keys are kept while the backend is away, and it is not asked by each request.
    await way.cut();
    backend.clock.advance(2 * minute);
    const before = fetched();
    await flood('while-away');
    assert.equal(fetched(), before + 1);
    const nextKey = await serverKey(backend, 'access-token', String(partOf(next, 0)['kid']));
    const exp = Math.floor(backend.clock.now() / second) + 300;
    assert.equal(await passes(resealed(next, nextKey, { payload: withMembers({ exp }) })), true);
    assert.equal(fetched(), before + 1);
  },
);
