import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJunkSerial, isJunkUuid } from './junk.ts';

const listed = [
  'To Be Filled By O.E.M.',
  'Default string',
  'System Serial Number',
  'None',
  '123456789',
  '-1',
  '0',
  '',
  '   ',
  'XXXXXXXXXX',
  '00000000',
  '0101010',
  'Not Specified',
  '........',
  '0000-0000',
];

for (const serial of listed) {
  test(`junk: a serial number of ${JSON.stringify(serial)}`, () => assert.equal(isJunkSerial(serial), true));
}

for (const serial of ['PF3ABCDE', 'C02XK0AAJGH5', '5CG1234567', 'VMware-56 4d 2e 1c', '1234567891']) {
  test(`not junk: a serial number of ${serial}`, () => assert.equal(isJunkSerial(serial), false));
}

for (const uuid of [
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '{00000000-0000-0000-0000-000000000000}',
  'Not Settable',
]) {
  test(`junk: a UUID of ${uuid}`, () => assert.equal(isJunkUuid(uuid), true));
}

test('not junk: a UUID of a real machine', () =>
  assert.equal(isJunkUuid('4c4c4544-0051-3510-8052-b4c04f4a4d32'), false));

test('junk: one character repeated, however often and however it is set apart', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('0', 'F', 'x', '9', '-', '.'),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('', ' ', '-'),
      (character, times, between) => isJunkSerial(Array.from({ length: times }, () => character).join(between)),
    ),
  );
});

test('junk: zeros and ones only, and any case of a listed phrase', () => {
  fc.assert(fc.property(fc.stringMatching(/^[01]{1,40}$/), isJunkSerial));
  fc.assert(
    fc.property(fc.constantFrom(...listed), fc.boolean(), (phrase, upper) =>
      isJunkSerial(upper ? phrase.toUpperCase() : phrase.toLowerCase()),
    ),
  );
});

test('not junk: a UUID as the standard makes them', () => {
  fc.assert(fc.property(fc.uuid({ version: 4 }), (uuid) => !isJunkUuid(uuid)));
});

test('any text is judged without an error, and white space around it changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(isJunkSerial(` ${text}\t`), isJunkSerial(text));
      assert.equal(isJunkUuid(` ${text}\n`), isJunkUuid(text));
    }),
  );
});
