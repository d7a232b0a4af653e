import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allClaims, readClaims } from './claims.ts';

const said = (ofToken: object, ofEndpoint: object) =>
  readClaims(allClaims({ sub: 's', iat: 1, ...ofToken }, { ...ofEndpoint }), 'groups', 10_000).verifiedEmail;

test('that an address is verified counts for the one beside which it stands', () => {
  const [mine, yours] = [{ email: 'eve@example.org' }, { email: 'ada@example.org' }];
  const verified = { email_verified: true };
  assert.equal(said({ ...yours, ...verified }, {}), 'ada@example.org');
  assert.equal(said({}, { ...yours, ...verified }), 'ada@example.org');
  assert.equal(said(yours, { ...yours, ...verified }), 'ada@example.org');
  // A provider that lets people write what they like into one of the two.
  assert.equal(said(yours, { ...mine, ...verified }), undefined);
  assert.equal(said(verified, yours), undefined);
  assert.equal(said({ ...yours, email_verified: false }, { ...yours, ...verified }), undefined);
  assert.equal(said(yours, verified), undefined);
});

test('an address that only looks like somebody’s is none of theirs', () => {
  const verified = { email_verified: true };
  for (const email of ['ada@ｅxample.org', 'ad\u0430@example.org', 'ada@example.or\u212A', 'ada@example.org\u0000'])
    assert.equal(said({ email, ...verified }, {}), undefined, email);
  for (const given of ['true', 1, 'yes', {}, [true], null])
    assert.equal(said({ email: 'ada@example.org', email_verified: given }, {}), undefined, JSON.stringify(given));
});
