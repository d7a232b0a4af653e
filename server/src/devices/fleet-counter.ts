import type { Deps } from '../deps.ts';
import type { Instant } from '@postern/shared/time';
import { countFleet, type FleetCell } from './fleet-count.ts';

interface Counted {
  cells: readonly FleetCell[];
  at: Instant;
}

/** Counting takes at most one part in so many of the time, however often it is asked for. */
const share = 20;
const shortestMs = 50;

/**
 * Counts the fleet, once for all who ask while it is counted, and soon after: with 100,000 devices it takes 110 ms, and an
 * answer is then at most two and a half seconds old; a small fleet is counted for each.
 */
export function createFleetCounter({ store }: Pick<Deps, 'store'>): (now: Instant) => Promise<Counted> {
  let underWay: Promise<Counted> | undefined;
  let last: (Counted & { goodUntil: number }) | undefined;

  async function count(now: Instant): Promise<Counted> {
    const begun = performance.now();
    const counted = { cells: await countFleet(store.read), at: now };
    const ended = performance.now();
    const took = ended - begun;
    last = took * share < shortestMs ? undefined : { ...counted, goodUntil: ended + took * share };
    return counted;
  }

  return async (now) => {
    if (last !== undefined && performance.now() < last.goodUntil) return last;
    underWay ??= count(now).finally(() => (underWay = undefined));
    return await underWay;
  };
}
