import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour, minute } from '@postern/shared/time';
import { afterFailure } from './lockout.ts';

test('every fifth wrong code locks, each time for twice as long, up to a day', () => {
  let state = { failures: 0, lockedUntil: 0 };
  const locks: number[] = [];
  for (let at = 0; locks.length < 9; at = Math.max(at + 1, state.lockedUntil)) {
    const before = state.lockedUntil;
    state = afterFailure(state, at);
    if (state.lockedUntil !== before) locks.push(state.lockedUntil - at);
  }
  assert.equal(state.failures, 45);
  assert.deepEqual(locks, [15, 30, 60, 120, 240, 480, 960].map((minutes) => minutes * minute).concat([day, day]));
  assert.equal(afterFailure({ failures: 1_000_004, lockedUntil: 0 }, hour).lockedUntil, hour + day);
});
