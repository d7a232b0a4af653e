import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { ConflictError } from '../storage/store.ts';
import { readOverdue } from './read.ts';
import { announceOverdue } from './request.ts';

/**
 * Announces what time has ended: the audit entry, the state in lists, the places it held. It decides
 * nothing; at every use the time itself decides (policy/waive.ts), whether or not this ever ran.
 *
 * @returns how many were announced
 */
export async function sweepExceptions(deps: Pick<Deps, 'store'>, now: Instant): Promise<number> {
  let announced = 0;
  for (const record of await readOverdue(deps.store.read, now, 500)) {
    const { changes, audit } = announceOverdue([record], now);
    try {
      await deps.store.commit({ changes, audit });
      announced += 1;
    } catch (error) {
      // Another node, or the person, was faster. Then it is announced already.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  return announced;
}
