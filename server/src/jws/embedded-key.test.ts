import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { embeddedKeyOf } from './embedded-key.ts';
import { thumbprintOf } from './thumbprint.ts';

const jwk = () => {
  const { kty, crv, x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  return { kty, crv, x, y } as { kty: 'EC'; crv: 'P-256'; x: string; y: string };
};

test('a public key and nothing else, named by its thumbprint', () => {
  const given = jwk();
  const found = embeddedKeyOf({ alg: 'ES256', jwk: given });
  assert.equal(found?.jkt, thumbprintOf(given));
  assert.equal(found?.key.type, 'public');
  const other = { kty: 'EC', crv: 'P-256', x: given.x, y: given.x };
  for (const wrong of [undefined, null, 'x', [], {}, { ...given, d: given.x }, { ...given, crv: 'P-384' }, other]) {
    assert.equal(embeddedKeyOf({ jwk: wrong }), undefined);
  }
});

test('each header has its own key', () => {
  const first = { jwk: jwk() };
  const second = { jwk: jwk() };
  assert.notEqual(embeddedKeyOf(first)?.jkt, embeddedKeyOf(second)?.jkt);
  assert.equal(embeddedKeyOf(first), embeddedKeyOf(first));
});
