import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { ConflictError, type Store, type Unit } from '../storage/store.ts';
import { announceBegun, announceEnded, endOfTheGone } from './announce.ts';
import { endedByTime } from './lifecycle/lifecycle.ts';
import { readOfTheGone, readOverdue, readUnannouncedBeginnings } from './read.ts';

const atOnce = 500;

/**
 * Announces what has begun or ended by itself: the audit entry, the state in lists, the places it held. It decides nothing;
 * at every use the time itself decides (policy/waive.ts, lifecycle.ts), whether or not this ever ran.
 *
 * @returns how many were announced
 */
export async function sweepExceptions({ store }: Pick<Deps, 'store'>, now: Instant): Promise<number> {
  const overdue = await readOverdue(store.read, now, atOnce);
  const gone = await readOfTheGone(store.read, atOnce);
  const begun = await readUnannouncedBeginnings(store.read, now, atOnce);
  const units = [
    ...overdue.map((record) => announceEnded([record], now)),
    ...gone.filter((record) => endedByTime(record, now) === undefined).map((record) => endOfTheGone(record, now)),
    ...begun.map((record) => announceBegun(record, now)),
  ];
  // Each for itself, yet handed over together: they are written in one transaction, and one that fails stops none.
  const announced = await Promise.all(units.map((unit) => announce(store, unit)));
  return announced.filter(Boolean).length;
}

async function announce(store: Store, unit: Unit): Promise<boolean> {
  try {
    await store.commit(unit);
    return true;
  } catch (error) {
    // Another node, or a person, was faster. Then it is announced already, or with the next sweep.
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
