import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSameAddress } from './http-address.ts';

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

it('what is no address is the same as nothing, itself included', () => {
  for (const text of ['', 'https://a:b@trust.example/', `https://trust.example/${'x'.repeat(2048)}`])
    assert.ok(!isSameAddress(text, text));
});
