import { day, type Instant, minute } from '@postern/shared/time';

/** So many wrong codes in a row lock; each further row of them locks for twice as long. */
const failuresToLock = 5;
const firstLockMs = 15 * minute;
const longestLockMs = day;

export interface Lockout {
  failures: number;
  lockedUntil: Instant;
}

/**
 * What one more wrong code does. With three codes good at a time and five tries a lock, a year of guessing finds one with
 * less than one in a hundred.
 */
export function afterFailure({ failures, lockedUntil }: Lockout, now: Instant): Lockout {
  const more = failures + 1;
  if (more % failuresToLock !== 0) return { failures: more, lockedUntil };
  const rows = more / failuresToLock;
  return { failures: more, lockedUntil: now + Math.min(longestLockMs, firstLockMs * 2 ** Math.min(rows - 1, 16)) };
}
