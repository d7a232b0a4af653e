import type { Instant } from '@postern/shared/time';
import type { Store, Unit } from '../../storage/store.ts';
import { announceEnded } from '../announce.ts';
import { endingChanges } from '../changes.ts';
import { endingEvent } from '../events.ts';
import { readException } from '../read.ts';

/**
 * What a review writes that takes an exception or an emergency back: revoked by who decided it, if anything is left of it.
 * It belongs into the unit of that decision, and is guarded by the exception as it was read: on a ConflictError it is to
 * be made again. Whether the debt of an emergency is paid says the review itself; there is nothing to release.
 */
export async function endedByReview(
  read: Store['read'],
  ended: { exceptionId: string; by: string; reason?: string | undefined },
  now: Instant,
): Promise<Unit> {
  const { exceptionId, by, reason } = ended;
  const record = await readException(read, exceptionId);
  if (record === undefined) return { changes: [], audit: [] };
  const over = announceEnded([record], now);
  if (over.changes.length > 0 || record.state !== 'active') return over;
  const note = reason ?? 'A review took it back.';
  return {
    changes: endingChanges(record, { state: 'revoked', at: now, by, reason: note }),
    audit: [
      endingEvent('revoked', record, now, { kind: 'person', id: by }, { data: { cause: 'review' }, text: reason }),
    ],
  };
}
