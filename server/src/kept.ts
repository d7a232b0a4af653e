import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { type Instant, minute } from '@postern/shared/time';

/** What was worked out, and when that began. */
export interface Kept<Result> {
  result: Result;
  at: Instant;
}

export interface Keeper<Result> {
  ask: (now: Instant) => Promise<Kept<Result>>;
  /** Works it out now, for oneself and for all who ask later. */
  renew: (now: Instant) => Promise<Kept<Result>>;
}

/** To be awaited after each portion of work, some milliseconds of it: others have their turn then. */
export type Pause = () => Promise<void>;

interface Work<Result> {
  run: (now: Instant, pause: Pause) => Promise<Result>;
  /** Where it costs next to nothing it is done for each who asks, and is as new as can be. */
  isDear: (result: Result) => boolean;
}

/** Dear work takes at most one part in so many of the time, however often somebody asks. */
const share = 20;
/** So long it is told after that, while it is worked out anew. Whoever shows it says when it was worked out. */
const toldOn = 2 * minute;
/** Somebody who has an older answer to fall back on does not wait longer than this for a newer one. */
const patienceMs = 60;
/** While nobody waits for it, work rests so many times as long as each of its portions took. */
const rest = 4;
/** Longer than that it did not work, but waited for something. */
const mostRestMs = 100;
/** Less is no portion. */
const leastMs = 2;

/** Who waits for work of this kind, whichever: one piece may have to be done before another. */
let waiting = 0;

/** Gives others their turn, and no more to somebody for whom others wait. */
export const briefly: Pause = () => turn();

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
  let last: { kept: Kept<Result>; goodUntil: number; tookMs: number } | undefined;

  async function work(now: Instant): Promise<Kept<Result>> {
    const begun = real();
    const { pause, restedMs } = restfully();
    const made = { result: await run(now, pause), at: now };
    const ended = real();
    const tookMs = ended - begun;
    const goodUntil = ended + Math.max(0, tookMs - restedMs()) * share;
    last = isDear(made.result) ? { kept: made, goodUntil, tookMs } : undefined;
    return made;
  }

  const renew = (now: Instant) => (underWay ??= work(now).finally(() => (underWay = undefined)));

  async function ask(now: Instant): Promise<Kept<Result>> {
    if (last !== undefined && real() < last.goodUntil) return last.kept;
    const older = last;
    const next = renew(now);
    if (older === undefined || real() - older.goodUntil > toldOn) return await awaited(next);
    // Whoever asks next hears of it when it fails again.
    const newer = next.catch(() => older.kept);
    return older.tookMs > patienceMs ? older.kept : await Promise.race([newer, wait(patienceMs, older.kept)]);
  }

  return { ask, renew };
}

async function awaited<Result>(work: Promise<Result>): Promise<Result> {
  waiting += 1;
  try {
    return await work;
  } finally {
    waiting -= 1;
  }
}

/** Pauses of one piece of work, and how long it has rested in all. */
function restfully(): { pause: Pause; restedMs: () => number } {
  let resumed = performance.now();
  let rested = 0;
  const pause = async () => {
    const paused = performance.now();
    const workedMs = paused - resumed;
    if (waiting > 0 || workedMs < leastMs) await turn();
    else {
      await wait(Math.min(workedMs * rest, mostRestMs));
      rested += performance.now() - paused;
    }
    resumed = performance.now();
  };
  return { pause, restedMs: () => rested };
}
