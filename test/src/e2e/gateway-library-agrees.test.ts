import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { externalUrl } from '@postern/server/verify/external-url';
import { requestAddress } from '@postern/shared/gateway/address';
import { normalAddress } from '@postern/shared/http-address';

/** The library may run where the server's code does not. What the two make of a request must not differ. */
describe('library and server agree', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '..',
      '.',
      ';',
      '%2e',
      '%2F',
      '%5c',
      '%252f',
      '\\',
      '#',
      '?',
      '%00',
      '//',
      '@',
      ':443',
      '%7E',
      'é',
      ' ',
      '%zz',
      '%3b',
      '%c3%85',
      '%09',
      '%7f',
      '%2523',
    ),
    fc.string({ maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

  it('on which paths are told apart by some programs and not by others', () => {
    const publicUrl = new URL('https://app.example');
    const path = text.map((each) => `/${each}`);
    let both = 0;
    fc.assert(
      fc.property(path, (each) => {
        const here = requestAddress(publicUrl, each) !== undefined;
        const there = isTaken(`https://app.example${each}`);
        // The library refuses more: what is no address at all the server finds out by the proof.
        if (here) assert.ok(there, each);
        if (there && normalAddress(`https://app.example${each}`) !== undefined) assert.ok(here, each);
        both += here ? 1 : 0;
      }),
      { numRuns: 5000 },
    );
    assert.ok(both > 100, `only ${both} were taken`);
  });
});

function isTaken(address: string): boolean {
  try {
    externalUrl(address);
    return true;
  } catch {
    return false;
  }
}
