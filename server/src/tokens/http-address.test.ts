import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isSameAddress, normalAddress } from './http-address.ts';

describe('two addresses are the same when they differ only in', () => {
  const same = [
    ['case of scheme and host', 'HTTPS://Trust.Example/oauth/token'],
    ['the default port', 'https://trust.example:443/oauth/token'],
    ['dot segments', 'https://trust.example/a/../oauth/./token'],
    ['needless percent-encoding', 'https://trust.example/%6Fauth/t%6fken'],
    ['query and fragment', 'https://trust.example/oauth/token?a=b#c'],
  ] as const;
  for (const [what, text] of same) {
    it(what, () => assert.ok(isSameAddress(text, 'https://trust.example/oauth/token')));
  }

  it('case of percent-encoding', () =>
    assert.ok(isSameAddress('https://a.example/%c3%a9', 'https://a.example/%C3%A9')));
  it('an empty path', () => assert.ok(isSameAddress('https://a.example', 'https://a.example/')));
});

describe('two addresses are different when they differ in', () => {
  const other = [
    ['the scheme', 'http://trust.example/oauth/token'],
    ['the host', 'https://trust.example.evil/oauth/token'],
    ['the port', 'https://trust.example:8443/oauth/token'],
    ['case of the path', 'https://trust.example/oauth/Token'],
    ['a slash at the end', 'https://trust.example/oauth/token/'],
    ['an encoded slash', 'https://trust.example/oauth%2Ftoken'],
    ['credentials', 'https://a:b@trust.example/oauth/token'],
    ['an empty user', 'https://@trust.example/oauth/token'],
  ] as const;
  for (const [what, text] of other) {
    it(what, () => assert.ok(!isSameAddress(text, 'https://trust.example/oauth/token')));
  }
});

describe('no address is', () => {
  const none = [
    'https:trust.example/oauth/token',
    'https:\\\\trust.example\\oauth\\token',
    'https://trust.example/oauth/token ',
    'https://trust.example/oau\tth/token',
    'https://trust.example/%zz',
    'http://0x7f.1/oauth/token',
    'http://127.1/oauth/token',
    'ftp://trust.example/',
    'javascript:alert(1)',
    '',
  ];
  for (const text of none) it(JSON.stringify(text), () => assert.equal(normalAddress(text), undefined));
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
