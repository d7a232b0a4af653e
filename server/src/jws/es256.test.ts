import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { compactVerify } from 'jose';
import { openJws } from './compact-jws.ts';
import { isSignedBy, signJws } from './es256.ts';
import { compareWithJose } from './testing/differential.ts';

test('jose accepts what we sign, also where a number of the signature begins with zeros', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let short = 0;
  // One signature in 128 has a number with a leading zero byte; among 1500 some have.
  for (let number = 0; number < 1500; number += 1) {
    const jws = signJws({ typ: 'at+jwt', kid: 'k' }, { number, text: 'ä€😀' }, privateKey);
    const signature = Buffer.from(jws.split('.')[2] ?? '', 'base64url');
    if (signature[0] === 0 || signature[32] === 0) short += 1;
    const { payload, protectedHeader } = await compactVerify(jws, publicKey, { algorithms: ['ES256'] });
    assert.deepEqual(protectedHeader, { alg: 'ES256', typ: 'at+jwt', kid: 'k' });
    assert.deepEqual(JSON.parse(new TextDecoder().decode(payload)), { number, text: 'ä€😀' });
  }
  assert.ok(short > 0, 'no signature was short, so the padding was not tried');
});

test('a header that names another algorithm is not believed, whoever signed it', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jws = openJws(signJws({ typ: 'at+jwt', kid: 'k' }, {}, privateKey), 1000);
  assert.ok(jws);
  assert.equal(isSignedBy(jws, publicKey), true);
  for (const alg of ['none', 'HS256', 'ES384', 'es256', '', undefined])
    assert.equal(isSignedBy({ ...jws, header: { alg } }, publicKey), false);
});

test('nothing is accepted that jose refuses (the short form; `npm run proof es256` compares a million)', async () => {
  let state = 0;
  // Seeded, so that a difference can be looked at again.
  const random = () =>
    createHash('sha256')
      .update(`es256 ${(state += 1)}`)
      .digest()
      .readUInt32BE() / 0x1_0000_0000;
  const { compared, accepted, differences } = await compareWithJose(4000, random);
  assert.deepEqual(differences, []);
  assert.equal(compared, 4000);
  assert.ok(accepted > 200, `only ${accepted} were accepted by both`);
});
