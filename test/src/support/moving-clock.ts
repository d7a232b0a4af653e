import type { Clock } from '@postern/shared/time';

/** The real clock, which a test can move ahead. */
export interface MovingClock extends Clock {
  advance(milliseconds: number): void;
}

export function movingClock(): MovingClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
