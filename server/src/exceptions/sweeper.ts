import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { ConflictError } from '../storage/store.ts';
import { announceEnded } from './announce.ts';
import { readOverdue } from './read.ts';

const atOnce = 500;

/**
 * Announces what has ended by itself: the audit entry, the state in lists, the places it held. It decides nothing; at
 * every use the time itself decides (policy/waive.ts, lifecycle.ts), whether or not this ever ran.
 *
 * @returns how many were announced
 */
export async function sweepExceptions({ store }: Pick<Deps, 'store'>, now: Instant): Promise<number> {
  const overdue = await readOverdue(store.read, now, atOnce);
  // Each for itself, yet handed over together: they are written in one transaction, and one that fails stops none.
  const announced = await Promise.all(
    overdue.map(async (record) => {
      try {
        await store.commit(announceEnded([record], now));
        return 1;
      } catch (error) {
        // Another node, or a person, was faster. Then it is announced already, or with the next sweep.
        if (error instanceof ConflictError) return 0;
        throw error;
      }
    }),
  );
  return announced.reduce<number>((sum, each) => sum + each, 0);
}
