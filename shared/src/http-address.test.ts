import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normalAddress } from './http-address.ts';

describe('the normal form of an address', () => {
  const normal = 'https://app.example/oauth/token';
  const same = [
    'HTTPS://App.Example/oauth/token',
    'https://app.example:443/oauth/token',
    'https://app.example/a/../oauth/./token',
    'https://app.example/%6Fauth/t%6fken',
    'https://app.example/oauth/token?a=b#c',
  ];
  for (const text of same) it(`of ${text}`, () => assert.equal(normalAddress(text), normal));

  const none = [
    'https:app.example/x',
    'https:\\\\app.example\\x',
    'https://app.example/x ',
    'https://app.example/x\ty',
    'https://app.example/%zz',
    'https://a:b@app.example/x',
    'https://@app.example/x',
    'http://0x7f.1/x',
    'http://127.1/x',
    'ftp://app.example/',
    'javascript:alert(1)',
    `https://app.example/${'x'.repeat(2048)}`,
    '',
  ];
  for (const text of none)
    it(`is not there for ${text.slice(0, 40)}`, () => assert.equal(normalAddress(text), undefined));
});

it('normalising is idempotent, and never adds query, fragment or a dot segment', () => {
  const segment = fc.string({ unit: fc.constantFrom('a', 'Z', '.', '%2e', '%2F', '%41', '~', ':'), maxLength: 4 });
  const address = fc
    .tuple(
      fc.constantFrom('http', 'HTTPS'),
      fc.domain(),
      fc.constantFrom('', ':80', ':443', ':8080'),
      fc.array(segment),
      fc.constantFrom('', '?q', '#f'),
    )
    .map(([scheme, host, port, segments, rest]) => `${scheme}://${host}${port}/${segments.join('/')}${rest}`);
  fc.assert(
    fc.property(address, (text) => {
      const normal = normalAddress(text);
      assert.ok(normal !== undefined);
      assert.equal(normalAddress(normal), normal);
      assert.doesNotMatch(normal, /[?#]|\/\.{1,2}(?:\/|$)/);
    }),
  );
});

it('any text is an address or none, and never an error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) =>
      ['string', 'undefined'].includes(typeof normalAddress(text)),
    ),
  );
});
