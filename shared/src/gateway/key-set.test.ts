import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { day, minute, second } from '../time.ts';
import { createBackendClient } from './backend-client.ts';
import { createKeySet } from './key-set.ts';
import { FakeBackend } from './testing/fake-backend.ts';
import { issuer, start } from './testing/fake-issuer.ts';

const path = '/.well-known/jwks.json';

async function jwk(change: Record<string, unknown> = {}) {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(publicKey)), kid: 'a', alg: 'ES256', use: 'sig', ...change };
}

async function open() {
  const backend = new FakeBackend();
  const one = await jwk();
  backend.jwks = { keys: [one] };
  let now = start;
  const clock = { now: () => now };
  const client = createBackendClient({
    url: issuer,
    credentials: undefined,
    timeoutMs: 1000,
    maxInFlight: 1,
    fetch: backend.fetch,
    onProblem: () => {},
  });
  const keys = createKeySet(client, path, clock);
  const has = async (kid: unknown, alg: 'ES256' | 'RS256' = 'ES256') => (await keys.find(kid, alg)) !== undefined;
  return { backend, keys, has, one, later: (milliseconds: number) => void (now += milliseconds) };
}

describe('the keys of the issuer', () => {
  it('are read once for all who wait', async () => {
    const { backend, has } = await open();
    assert.deepEqual(
      await Promise.all(Array.from({ length: 50 }, () => has('a'))),
      Array.from({ length: 50 }, () => true),
    );
    assert.equal(backend.count(path), 1);
  });

  it('are read again for a kid that nobody knows once in 30 seconds, however many ask', async () => {
    const { backend, has, later, one } = await open();
    await has('a');
    for (let each = 0; each < 100; each += 1) assert.equal(await has(`unknown-${each}`), false);
    assert.equal(backend.count(path), 1);
    later(30 * second);
    backend.jwks = { keys: [one, await jwk({ kid: 'b' })] };
    const found = await Promise.all(['x', 'b', 'y', 'b'].map((kid) => has(kid)));
    assert.deepEqual(found, [false, true, false, true]);
    assert.equal(backend.count(path), 2);
  });

  it('are kept while the backend is away, for a day', async () => {
    const { backend, has, keys, later } = await open();
    await has('a');
    backend.away = true;
    later(60 * minute);
    assert.equal(await has('a'), true);
    assert.equal(await has('a'), true);
    assert.equal(backend.count(path), 2, 'not every request waits for a backend that is away');
    later(day);
    await assert.rejects(keys.find('a', 'ES256'), { name: 'Unavailable' });
  });

  it('that were taken back are gone once they are read again', async () => {
    const { backend, has, later } = await open();
    await has('a');
    backend.jwks = { keys: [await jwk({ kid: 'b' })] };
    later(5 * minute - 1);
    assert.equal(await has('a'), true);
    later(1);
    assert.equal(await has('a'), true, 'read again behind this request');
    while (backend.count(path) < 2) await new Promise((done) => setImmediate(done));
    later(5 * minute);
    assert.equal(await has('a'), false);
  });

  it('that were on their way when they were distrusted are not believed', async () => {
    const { backend, has, keys } = await open();
    const next = await jwk({ kid: 'b' });
    await has('a');
    keys.distrust();
    const onTheirWay = assert.rejects(keys.find('a', 'ES256'), { name: 'Unavailable' });
    keys.distrust();
    await onTheirWay;
    backend.jwks = { keys: [next] };
    assert.equal(await has('a'), false);
    assert.equal(await has('b'), true);
  });

  it('that were never read are asked for again after a second, and nobody is let in meanwhile', async () => {
    const { backend, has, keys, later } = await open();
    backend.away = true;
    await assert.rejects(keys.find('a', 'ES256'), { name: 'Unavailable' });
    await assert.rejects(keys.find('a', 'ES256'), { name: 'Unavailable' });
    assert.equal(backend.count(path), 1);
    backend.away = false;
    later(second);
    assert.equal(await has('a'), true);
  });

  const unfit: [string, Record<string, unknown>][] = [
    ['for encryption', { use: 'enc' }],
    ['of another algorithm', { alg: 'ES384' }],
    ['of another curve', { crv: 'P-384' }],
    ['with a private part', { d: 'A'.repeat(43) }],
    ['without kid', { kid: undefined }],
    ['with a kid that is a path', { kid: '../a' }],
    ['that is a secret', { kty: 'oct', k: 'AAAA' }],
    ['that is no point', { x: 'A'.repeat(43) }],
  ];
  for (const [what, change] of unfit) {
    it(`leave out one ${what}`, async () => {
      const { backend, has } = await open();
      const bad = await jwk({ kid: 'bad', ...change });
      backend.jwks = { keys: [bad, await jwk()] };
      assert.equal(await has('a'), true);
      assert.equal(await has('bad'), false);
      assert.equal(await has(bad.kid), false);
    });
  }

  it('are looked up by exactly their name and algorithm', async () => {
    const { has } = await open();
    assert.equal(await has('a', 'RS256'), false);
    for (const kid of ['A', 'a ', '', undefined, 1, ['a'], '__proto__', 'constructor', 'x'.repeat(129)])
      assert.equal(await has(kid), false, String(kid));
  });

  it('are not believed where two have one name, where there is none, or where it is something else', async () => {
    for (const jwks of [{ keys: [await jwk(), await jwk()] }, { keys: [] }, { keys: 'a' }, [], null, 'x']) {
      const { backend, keys } = await open();
      backend.jwks = jwks;
      await assert.rejects(keys.find('a', 'ES256'), { name: 'Unavailable' });
    }
  });
});
