import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { sha256 } from '@postern/shared/digest';
import { enrolledMachine } from '../testing/enrolled-machine.ts';

const ask = ['token', '--resource', 'https://demo.example'];
const token = 'token-for-https---demo.example';

async function verified(proof: string, now: number) {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    currentDate: new Date(now),
  });
  return { payload, jkt: await calculateJwkThumbprint(protectedHeader.jwk ?? {}) };
}

test('with an address the headers of one request to it are printed, as curl reads them', async (t) => {
  const { agent, fake, terminal } = await enrolledMachine(t);
  const url = 'https://Demo.example:443/things/7?of=me#there';
  const { code, out, err } = await agent(...ask, '--url', url, '--method', 'post', '--nonce', 'n-1\r');
  assert.deepEqual([code, err], [0, '']);
  const [authorization, dpop, ...rest] = out.split('\n');
  assert.equal(authorization, `Authorization: DPoP ${token}`);
  assert.deepEqual(rest, ['']);
  const { payload, jkt } = await verified(dpop?.replace(/^DPoP: /, '') ?? '', terminal.clock.now());
  assert.deepEqual(
    { ...payload, jti: typeof payload.jti, iat: typeof payload.iat },
    {
      htm: 'POST',
      htu: 'https://demo.example/things/7',
      nonce: 'n-1',
      ath: sha256(token),
      jti: 'string',
      iat: 'number',
    },
  );
  assert.equal(jkt, await calculateJwkThumbprint(fake.key ?? {}));
});

test('in the document for machines the headers are beside the token; the first proof has no nonce', async (t) => {
  const { agent, terminal } = await enrolledMachine(t);
  const made = async (...more: string[]) =>
    JSON.parse((await agent(...ask, '--url', 'http://127.0.0.1:8080', '--json', ...more)).out) as {
      access_token: string;
      headers: { authorization: string; dpop: string };
    };
  const first = await made();
  assert.equal(first.headers.authorization, `DPoP ${first.access_token}`);
  const { payload } = await verified(first.headers.dpop, terminal.clock.now());
  assert.deepEqual([payload['htm'], payload['htu'], 'nonce' in payload], ['GET', 'http://127.0.0.1:8080/', false]);
  const second = await verified((await made('--nonce', '')).headers.dpop, terminal.clock.now());
  assert.equal('nonce' in second.payload, false, 'an answer that had none is as none');
  assert.notEqual(second.payload.jti, payload.jti);
});

test('no headers are printed where there is no token', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  fake.fine = false;
  const { code, out } = await agent(...ask, '--url', 'https://demo.example/');
  assert.deepEqual([code, out], [1, '']);
});
