import { setTimeout as wait } from 'node:timers/promises';
import { type Instant, minute } from '@postern/shared/time';

/** What was worked out, and when that began. */
export interface Kept<Result> {
  result: Result;
  at: Instant;
}

export interface Keeper<Result> {
  ask: (now: Instant) => Promise<Kept<Result>>;
  /** Works it out now, for oneself and for all who ask later. */
  renew(now: Instant): Promise<Kept<Result>>;
}

interface Work<Result> {
  run: (now: Instant) => Promise<Result>;
  /** Where it costs next to nothing it is done for each who asks, and is as new as can be. */
  isDear: (result: Result) => boolean;
}

/** Dear work takes at most one part in so many of the time, however often somebody asks. */
const share = 20;
/** So long it is told after that, while it is worked out anew. Whoever shows it says when it was worked out. */
const toldOn = 2 * minute;
/** Somebody who has an older answer to fall back on does not wait longer than this for a newer one. */
const patienceMs = 60;

/**
 * Work that many ask for and that is not for anybody in particular, such as counting all devices: done once for all who ask
 * meanwhile. What is dear is kept for a moment, and after that still told for some minutes while it is worked out anew.
 *
 * @param real milliseconds of real time, going up
 */
export function kept<Result>(
  { run, isDear }: Work<Result>,
  real: () => number = () => performance.now(),
): Keeper<Result> {
  let underWay: Promise<Kept<Result>> | undefined;
  let last: { kept: Kept<Result>; goodUntil: number } | undefined;

  async function work(now: Instant): Promise<Kept<Result>> {
    const begun = real();
    const made = { result: await run(now), at: now };
    const ended = real();
    last = isDear(made.result) ? { kept: made, goodUntil: ended + (ended - begun) * share } : undefined;
    return made;
  }

  const renew = (now: Instant) => (underWay ??= work(now).finally(() => (underWay = undefined)));

  async function ask(now: Instant): Promise<Kept<Result>> {
    if (last !== undefined && real() < last.goodUntil) return last.kept;
    const older = last;
    const next = renew(now);
    if (older === undefined || real() - older.goodUntil > toldOn) return await next;
    // Whoever asks next hears of it when it fails again.
    return await Promise.race([next, wait(patienceMs, older.kept)]).catch(() => older.kept);
  }

  return { ask, renew };
}
