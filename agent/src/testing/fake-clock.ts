import type { Clock, Instant } from '@postern/shared/time';
import type { Timer } from '../timer.ts';

export interface FakeTime extends Clock, Timer {
  advance(milliseconds: number): void;
  /** How long was slept, in order. */
  readonly sleeps: readonly number[];
}

/** Time that passes only when somebody sleeps or says so. */
export function fakeTime(start: Instant = Date.UTC(2026, 10, 21, 9, 30)): FakeTime {
  let now = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    advance(milliseconds) {
      now += milliseconds;
    },
    async sleep(milliseconds, signal) {
      if (signal?.aborted === true) return;
      sleeps.push(milliseconds);
      now += milliseconds;
    },
  };
}
