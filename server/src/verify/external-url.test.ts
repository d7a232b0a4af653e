import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Fault } from '@postern/shared/protocol/errors';
import { externalUrl } from './external-url.ts';

const isAmbiguous = (error: unknown) => error instanceof Fault && error.code === 'address_ambiguous';

/** What a program sees that decodes once more than another, takes backslashes for slashes, or parameters away. */
function readings(path: string): string[] {
  const found = [path];
  for (let round = 0; round < 3; round += 1) {
    const last = found.at(-1) ?? '';
    found.push(last.replaceAll(/%[0-9a-f]{2}/gi, (each) => String.fromCodePoint(Number.parseInt(each.slice(1), 16))));
  }
  return found.flatMap((each) => [each, each.replaceAll('\\', '/'), each.replaceAll(/;[^/]*/g, '')]);
}

describe('the address of a request', () => {
  it('is taken apart', () => {
    assert.deepEqual(externalUrl('https://a.example/b/c?d=e?f/../%2f'), {
      url: 'https://a.example/b/c',
      query: 'd=e?f/../%2f',
    });
    assert.deepEqual(externalUrl('http://a.example'), { url: 'http://a.example/', query: '' });
    assert.deepEqual(externalUrl('https://a.example?b'), { url: 'https://a.example/', query: 'b' });
    assert.deepEqual(externalUrl('https://a.example/.well-known/..b;c=d/%41'), {
      url: 'https://a.example/.well-known/..b;c=d/%41',
      query: '',
    });
  });

  const ambiguous = [
    '/%2f',
    '/%5C',
    '/%2E%2e/',
    '/%00',
    '/%252f',
    '/%25255c',
    '/%25%32f',
    '/a/..',
    '/./',
    '/..;/',
    '/..%3b/',
    '/.%253b',
    '/\\',
    '/.%09./',
    '/%0d',
    `/%${'25'.repeat(9)}41`,
  ];
  for (const path of ambiguous) {
    it(`is none with ${path}`, () => assert.throws(() => externalUrl(`https://a.example${path}`), isAmbiguous));
  }

  it('is none with a fragment or credentials, and none without a host', () => {
    const none = [
      'https://a.example/#b',
      'https://a.example/?#',
      'https://a@b.example/',
      'https:///a',
      'a.example/',
      '',
    ];
    for (const text of none) assert.throws(() => externalUrl(text), isAmbiguous);
  });

  it('that is accepted means the same path to all programs, or is refused', () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '.',
      ';',
      '%',
      '2',
      'e',
      'f',
      'F',
      '5',
      'c',
      '25',
      '3b',
      '%2e',
      '%2f',
      '%32',
      '\\',
      '..',
    );
    const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(path, (text) => {
        let url: string;
        try {
          ({ url } = externalUrl(`https://a.example${text}`));
        } catch (error) {
          assert.ok(isAmbiguous(error));
          return;
        }
        const own = url.slice('https://a.example'.length);
        for (const reading of readings(own)) {
          assert.doesNotMatch(reading, /\/\.{1,2}(?:\/|$)|\\|\0/);
          assert.equal(reading.split('/').length, own.split('/').length);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('is read from any text, or refused, and never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withFragments: true })), (text) => {
        try {
          externalUrl(text);
        } catch (error) {
          assert.ok(isAmbiguous(error));
        }
      }),
    );
  });
});
