import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { day, durationSchema, hour, minute, parseDuration, sayDuration, second, toNumericDate } from './time.ts';

test('durations are read as people write them', () => {
  assert.equal(parseDuration('15m'), 15 * minute);
  assert.equal(parseDuration('1h30m'), 90 * minute);
  assert.equal(parseDuration('14d'), 14 * day);
  assert.equal(parseDuration('2w'), 14 * day);
  assert.equal(parseDuration('0'), 0);
});

test('what is not a duration is refused, not guessed', () => {
  for (const text of ['', '15', 'm', '-1h', '1.5h', '1h 30m', '30m1h', '1H', 'P1D', '9999999d', '١h']) {
    assert.equal(parseDuration(text), undefined, text);
    assert.equal(durationSchema.safeParse(text).success, false, text);
  }
});

test('any text is a duration or is refused; nothing throws, nothing is negative', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const duration = parseDuration(text);
      assert.ok(duration === undefined || (Number.isSafeInteger(duration) && duration >= 0));
    }),
  );
});

test('durations are said in at most two units', () => {
  assert.equal(sayDuration(0), 'now');
  assert.equal(sayDuration(-5), 'now');
  assert.equal(sayDuration(minute), '1 minute');
  assert.equal(sayDuration(3 * day + 4 * hour + 5 * minute), '3 days 4 hours');
  assert.equal(sayDuration(2 * day + 5 * second), '2 days');
});

test('numeric dates are rounded down, so that nothing lives longer than granted', () => {
  assert.equal(toNumericDate(1999), 1);
});
