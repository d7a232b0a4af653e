import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical.ts';
import { sameSecret, sha256 } from './digest.ts';

test('members are sorted by UTF-16 code units and numbers printed as RFC 8785 shows', () => {
  // The example of RFC 8785, section 3.2.3 (property sorting) and 3.2.2 (literals).
  const sorted = {
    '€': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew',
    '1': 'One',
    '😀': 'Smiley',
    '\u0080': 'Control',
    ö: 'o',
  };
  assert.equal(
    canonicalJson(sorted),
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😀":"Smiley","\ufb33":"Hebrew"}',
  );
  assert.equal(
    canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27]),
    '[333333333.3333333,1e+30,4.5,0.002,1e-27]',
  );
});

test('the order in which members were written does not show', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      assert.equal(canonicalJson(reversed), canonicalJson(value));
    }),
  );
});

test('what is not JSON is refused', () => {
  assert.throws(() => canonicalJson(undefined));
  assert.throws(() => canonicalJson({ not: Number.NaN }));
});

test('hashes are base64url without padding, and secrets compare by content', () => {
  assert.equal(sha256(''), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
  assert.ok(sameSecret('one', 'one'));
  assert.ok(!sameSecret('one', 'one '));
});
