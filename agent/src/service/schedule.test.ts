import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { minute, second } from '@postern/shared/time';
import { verdictOf } from '../testing/documents.ts';
import { pauseAfterFailure, pauseAfterRefusal, pauseAfterVerdict } from './schedule.ts';

const randomOf = (fraction: number) => ({ uuid: () => '', fraction: () => fraction });
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('the regular pause stays within ten percent of what the backend asked for', () => {
  fc.assert(
    fc.property(fraction, fc.integer({ min: 10, max: 86_400 }), (chance, seconds) => {
      const pause = pauseAfterVerdict(verdictOf(true, 0), seconds, randomOf(chance));
      assert.ok(pause >= 0.9 * seconds * second - 1 && pause <= 1.1 * seconds * second + 1);
    }),
  );
});

test('a backend is asked again no sooner than it wishes, and within an hour and a bit whatever it wishes', () => {
  fc.assert(
    fc.property(fraction, fc.integer({ min: 1, max: 999_999 }), (chance, seconds) => {
      const refusal = { code: 'too_many_requests', retryAfterMs: seconds * second };
      const pause = pauseAfterRefusal(refusal, randomOf(chance));
      assert.ok(pause >= Math.min(seconds * second, 60 * minute) && pause <= 72 * minute);
    }),
  );
});

test('no pause is short enough to hammer a backend, or longer than five minutes while it is away', () => {
  fc.assert(
    fc.property(fraction, fc.nat(10_000), (chance, failures) => {
      const pause = pauseAfterFailure(failures, randomOf(chance));
      assert.ok(pause >= 2 * second && pause <= 5 * minute);
      assert.ok(pauseAfterVerdict(verdictOf(false, 0), 1, randomOf(chance)) >= 5 * second);
      assert.ok(pauseAfterRefusal({ code: 'device_retired', retryAfterMs: null }, randomOf(chance)) > 5 * 60 * minute);
    }),
  );
});
