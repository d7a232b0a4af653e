import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openJws } from '@postern/server/jws/index';
import { normalAddress as normalAddressOfServer } from '@postern/server/tokens/http-address';
import { externalUrl } from '@postern/server/verify/external-url';
import { normalAddress, requestAddress } from '@postern/shared/gateway/address';
import { openCompactJws } from '@postern/shared/gateway/compact-jws';

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

  it('on the normal form of addresses', () => {
    const address = fc
      .tuple(
        fc.constantFrom('https://', 'HTTP://', 'https:', ''),
        fc.constantFrom('app.example', 'App.Example:443', '0x7f.1', 'a@b'),
        text,
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(address, (each) => assert.equal(normalAddress(each), normalAddressOfServer(each))),
      { numRuns: 5000 },
    );
  });

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
        if (there && normalAddressOfServer(`https://app.example${each}`) !== undefined) assert.ok(here, each);
        both += here ? 1 : 0;
      }),
      { numRuns: 5000 },
    );
    assert.ok(both > 100, `only ${both} were taken`);
  });

  it('on which compact JWS is one', () => {
    const part = (json: string) => Buffer.from(json).toString('base64url');
    const member = fc.tuple(
      fc.constantFrom('"a"', '"\\u0061"', '"__proto__x"', '"crit"', '"b"'),
      fc.json({ maxDepth: 3 }),
    );
    const object = fc
      .array(member, { maxLength: 4 })
      .map((members) => `{${members.map((each) => each.join(':')).join(',')}}`);
    const end = fc.constantFrom('AAAA', 'AAB', 'AAA=', 'A', 'A\n');
    let taken = 0;
    fc.assert(
      fc.property(object, object, end, (header, payload, signature) => {
        fc.pre(!`${header}${payload}`.includes('"__proto__"'));
        const jws = [part(header), part(payload), signature].join('.');
        const here = openCompactJws(jws, 10_000);
        assert.deepEqual(here, openJws(jws, 10_000));
        taken += here === undefined ? 0 : 1;
      }),
      { numRuns: 5000 },
    );
    assert.ok(taken > 100, `only ${taken} were taken`);
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
