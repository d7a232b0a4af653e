import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { consolePath } from './console-path.ts';

const issuers = ['https://trust.example', 'https://example.org/postern', 'http://localhost:7420'];

describe('where to go on after a sign-in', () => {
  test('is a screen of the console with its filters', () => {
    for (const path of ['/', '/inbox', '/devices?status=grace&q=mac', '/people/usr_1', '/me/account'])
      assert.equal(consolePath(path), path);
  });

  test('is the beginning for whatever leads elsewhere', () => {
    for (const bad of [
      undefined,
      '',
      'inbox',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/../../v1/admin/session',
      '/%2e%2e/%2e%2e/v1/me',
      '/.%2e/v1/me',
      '/\t/evil.example',
      '/\n/evil.example',
      ' /inbox',
      '/in box',
      '@evil.example',
      '.evil.example',
      ':443@evil.example',
      '/x/..//evil.example',
    ])
      assert.equal(consolePath(bad), '/', JSON.stringify(bad));
  });

  test('never leaves the console, whatever the text is', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '..',
      '.',
      '%2e',
      '%2f',
      '%5c',
      '@',
      ':',
      '?',
      '#',
      'evil.example',
      'https:',
      '\t',
      '\n',
      ' ',
      'a',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((each) => each.join('')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...issuers), texts, (issuer, text) => {
        const base = `${issuer}/console`;
        const url = new URL(base + consolePath(text), 'https://elsewhere.example/');
        assert.ok(url.href.startsWith(`${base}/`), url.href);
        assert.ok(!new URL(consolePath(text), issuer).host.includes('evil'), 'nor as an address by itself');
      }),
      { numRuns: 5000 },
    );
  });
});
