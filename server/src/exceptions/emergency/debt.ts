import { Fault } from '@postern/shared/protocol/errors';
import { type Change, insert, updateOne } from '../../storage/change.ts';
import type { Store } from '../../storage/store.ts';

/**
 * Refuses an emergency while an earlier one of the same person waits for its review, and guards: of two emergencies at the
 * same instant, on whatever devices, the second finds that the first has changed what it was decided on.
 *
 * @returns the guard, to be written with the emergency of that id
 * @throws Fault emergency_review_due, naming the emergency that waits
 */
export async function refuseDebt(read: Store['read'], personId: string): Promise<(exceptionId: string) => Change> {
  const key = `emergency ${personId}`;
  // First what is guarded, then what is decided on: the other way round somebody could come in between unseen.
  const last = await read.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  const waiting = await read
    .selectFrom('reviews')
    .select('subject_id')
    .where('kind', '=', 'emergency')
    .where('person_id', '=', personId)
    .where('decided_at', 'is', null)
    .executeTakeFirst();
  if (waiting !== undefined) throw new Fault('emergency_review_due', { members: { exception: waiting.subject_id } });
  return (exceptionId) =>
    last === undefined
      ? insert('meta', { key, value: exceptionId })
      : updateOne('meta', { key, value: last.value }, { value: exceptionId });
}
