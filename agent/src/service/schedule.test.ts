import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { day, hour, minute, second, toTimestamp } from '@postern/shared/time';
import { ruleOf, verdictOf } from '../testing/documents.ts';
import { pauseAfterFailure, pauseAfterRefusal, pauseAfterVerdict, pauseAfterWake } from './schedule.ts';

const randomOf = (fraction: number) => ({ uuid: () => '', fraction: () => fraction });
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const longLived = { ...verdictOf(true, 0), validUntil: toTimestamp(30 * day) };

test('the regular pause stays within ten percent of what the backend asked for', () => {
  fc.assert(
    fc.property(fraction, fc.integer({ min: 10, max: 86_400 }), (chance, seconds) => {
      const pause = pauseAfterVerdict(longLived, seconds, randomOf(chance)).ordinaryMs;
      assert.ok(pause >= 0.9 * seconds * second - 1 && pause <= 1.1 * seconds * second + 1);
    }),
  );
});

test('a backend is asked again no sooner than it wishes, and within an hour and a bit whatever it wishes', () => {
  fc.assert(
    fc.property(fraction, fc.nat(999_999), (chance, seconds) => {
      const refusal = { code: 'too_many_requests', retryAfterMs: seconds * second };
      const pause = pauseAfterRefusal(refusal, randomOf(chance));
      assert.ok(pause >= Math.min(seconds * second, 60 * minute) && pause <= 72 * minute);
      assert.ok(pause >= 5 * second, 'a Retry-After of zero is no leave to hammer');
    }),
  );
});

test('no pause is short enough to hammer a backend, or longer than five minutes while it is away', () => {
  fc.assert(
    fc.property(fraction, fc.nat(10_000), (chance, failures) => {
      const pause = pauseAfterFailure(failures, randomOf(chance));
      assert.ok(pause >= 2 * second && pause <= 5 * minute);
      const { ordinaryMs, savingMs } = pauseAfterVerdict(verdictOf(false, 0), 1, randomOf(chance));
      assert.ok(ordinaryMs >= 5 * second && savingMs >= ordinaryMs);
      assert.ok(pauseAfterRefusal({ code: 'device_retired', retryAfterMs: null }, randomOf(chance)) > 5 * 60 * minute);
    }),
  );
});

test('while the battery is saved the next report is as late as the evidence allows, with time for a few tries', () => {
  fc.assert(
    fc.property(fraction, fc.integer({ min: 5, max: 24 * 60 }), (chance, lifeMinutes) => {
      const verdict = { ...verdictOf(true, 0), validUntil: toTimestamp(lifeMinutes * minute) };
      const { ordinaryMs, savingMs } = pauseAfterVerdict(verdict, 60, randomOf(chance));
      assert.ok(savingMs >= ordinaryMs && savingMs >= (lifeMinutes * minute) / 2);
      assert.ok(savingMs <= lifeMinutes * minute - 2 * minute, 'before access is lost');
    }),
  );
});

test('where a policy lets evidence grow stale sooner than reports are asked for, it reports sooner', () => {
  fc.assert(
    fc.property(fraction, fc.integer({ min: 1, max: 14 }), (chance, lifeMinutes) => {
      const verdict = { ...verdictOf(true, 0), validUntil: toTimestamp(lifeMinutes * minute) };
      const { ordinaryMs, savingMs } = pauseAfterVerdict(verdict, 900, randomOf(chance));
      assert.ok(ordinaryMs >= 30 * second && savingMs >= ordinaryMs);
      assert.ok(savingMs <= lifeMinutes * minute - 30 * second, 'before access is lost');
    }),
  );
});

test('evidence that was never good is no reason to report more often', () => {
  const verdict = { ...verdictOf(true, 0), validUntil: toTimestamp(0) };
  const { ordinaryMs, savingMs } = pauseAfterVerdict(verdict, 900, randomOf(0.5));
  assert.deepEqual([ordinaryMs, savingMs], [900 * second, 900 * second]);
});

for (const [what, change] of [
  ['a warning', { warnAt: toTimestamp(3 * minute), deadline: toTimestamp(2 * hour) }],
  ['a deadline', { deadline: toTimestamp(3 * minute) }],
  ['the end of an exception', { exception: { id: 'exc' as never, expiresAt: toTimestamp(3 * minute) } }],
  ['the end of a held result', { held: { brake: 'brk' as never, until: toTimestamp(3 * minute) } }],
] as const) {
  test(`${what} is asked about just after it, saving or not`, () => {
    const verdict = verdictOf(true, 0, [ruleOf({ outcome: 'fail', standing: 'grace', ...change })]);
    const pause = pauseAfterVerdict(verdict, 900, randomOf(0.5));
    assert.deepEqual(pause, { ordinaryMs: 182 * second, savingMs: 182 * second });
  });
}

test('after a wake it waits a few seconds, not all devices the same', () => {
  assert.deepEqual(
    [0, 0.5, 0.999].map((chance) => pauseAfterWake(randomOf(chance))),
    [3000, 5000, 6996],
  );
});
