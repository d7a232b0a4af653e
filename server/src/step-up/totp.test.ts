import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { second } from '@postern/shared/time';
import { matchingStep, newSecret, otpauthUri, timeStepAt } from './totp.ts';

/** RFC 6238 appendix B, SHA-1: seconds, and the last six of the eight digits. */
const vectors = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;
/** `12345678901234567890` in Base32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code', () => {
  for (const [seconds, code] of vectors)
    test(`of RFC 6238 at ${seconds} s is of the time step that the clock is in`, () => {
      const now = seconds * second;
      assert.equal(matchingStep(secret, code, 0, now), timeStepAt(now));
    });

  test('is good one step early or late, and no more', () => {
    const [seconds, code] = vectors[3];
    const step = timeStepAt(seconds * second);
    for (const [steps, found] of [
      [-2, undefined],
      [-1, step],
      [0, step],
      [1, step],
      [2, undefined],
    ] as const)
      assert.equal(matchingStep(secret, code, 0, (step + steps) * 30 * second), found, `${steps} steps`);
    assert.equal(matchingStep(secret, code, 0, (step + 2) * 30 * second - 1), step, 'to the millisecond');
  });

  test('is good no more once its step was used, also when the clock goes back', () => {
    const [seconds, code] = vectors[3];
    const now = seconds * second;
    const step = timeStepAt(now);
    assert.equal(matchingStep(secret, code, step - 1, now), step);
    for (const last of [step, step + 1, step + 1000]) assert.equal(matchingStep(secret, code, last, now), undefined);
  });

  test('that somebody makes up is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (number) => {
        const code = String(number).padStart(6, '0');
        const found = matchingStep(secret, code, 0, 1_234_567_890 * second);
        // The three that are good at that time.
        return found === undefined || ['980357', '005924', '590587'].includes(code);
      }),
    );
  });
});

describe('a secret', () => {
  test('is 160 bits in Base32, from randomness that is long enough', () => {
    assert.match(newSecret(Buffer.alloc(32, 9).toString('base64url')), /^[A-Z2-7]{32}$/);
    assert.equal(newSecret(Buffer.from('12345678901234567890').toString('base64url')), secret);
    assert.throws(() => newSecret(Buffer.alloc(19).toString('base64url')), /too little/);
  });

  test('goes to apps in an address that no label can break out of', () => {
    const uri = new URL(otpauthUri(secret, { issuer: 'Postern', label: 'a&secret=AAAA?x:y@example.org' }));
    assert.deepEqual([uri.protocol, uri.host], ['otpauth:', 'totp']);
    assert.deepEqual(uri.searchParams.getAll('secret'), [secret]);
    assert.equal(uri.searchParams.get('issuer'), 'Postern');
  });
});
