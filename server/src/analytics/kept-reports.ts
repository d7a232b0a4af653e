import { LRUCache } from 'lru-cache';
import { kept, type Keeper } from '../kept.ts';
import type { Store } from '../storage/store.ts';
import { type CountedReports, countReports } from './count.ts';
import type { AnalyticsDeps } from './sources.ts';

type KeptReports = (days: number) => Keeper<CountedReports>;

/** Periods that are kept: those that the console offers. */
const mostPeriods = 4;
/** Less than this is looked through within a moment. */
const muchLookedAt = 2000;

const known = new WeakMap<Store, KeptReports>();

/**
 * The reports of a period, counted once for all who ask. Who watches for abuse counts those of 30 days each minute, so that they
 * are there when somebody looks.
 */
export function keptReportsOf(deps: AnalyticsDeps): KeptReports {
  const before = known.get(deps.store);
  if (before !== undefined) return before;
  const inTurn = takeTurns();
  const periods = new LRUCache<number, Keeper<CountedReports>>({ max: mostPeriods });
  const ofPeriod: KeptReports = (days) => {
    const period =
      periods.get(days) ??
      kept({
        run: (now, pause) => inTurn(() => countReports(deps, days, now, pause)),
        isDear: ({ looked }) => looked > muchLookedAt,
      });
    periods.set(days, period);
    return period;
  };
  known.set(deps.store, ofPeriod);
  return ofPeriod;
}

/** One after the other: each holds all that was asked for in a period, and many at once would be too much of it. */
function takeTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
