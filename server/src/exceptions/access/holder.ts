import type { Instant } from '@postern/shared/time';
import type { Store } from '../../storage/store.ts';
import { endedByTime } from '../lifecycle/lifecycle.ts';
import { readException } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

interface Holder {
  record: ExceptionRecord;
  /** It has ended by itself, and nobody has announced that yet. */
  isOver: boolean;
}

/**
 * The request or grant that has the place of a person at a resource, on whichever device it was asked for: there is one at
 * a time.
 */
export async function findAccessHolder(
  read: Store['read'],
  { personId, resources }: Pick<ExceptionRecord, 'personId' | 'resources'>,
  now: Instant,
): Promise<Holder | undefined> {
  const row = await read
    .selectFrom('exception_slots')
    .select('exception_id')
    .where('person_id', '=', personId)
    .where('device_id', '=', '*')
    .where('rule', '=', 'access')
    .where('resource', 'in', [...resources])
    .executeTakeFirst();
  const record = row && (await readException(read, row.exception_id));
  return record && { record, isOver: endedByTime(record, now) !== undefined };
}
