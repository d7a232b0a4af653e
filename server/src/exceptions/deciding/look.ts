import { deciderRoles } from '@postern/shared/protocol/admin';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import { isReader, type PersonCaller } from '../../http/caller.ts';
import { Fault } from '@postern/shared/protocol/errors';
import { insert } from '../../storage/change.ts';
import { ConflictError, type Store } from '../../storage/store.ts';

/**
 * Throws Fault not_allowed unless somebody may read an exception: approvers, admins, auditors, whoever asked, whom it is for,
 * and their manager.
 */
export async function refuseOtherReaders(store: Store, caller: PersonCaller, id: string): Promise<void> {
  if (isReader(caller)) return;
  const theirs = await store.read
    .selectFrom('exceptions')
    .innerJoin('users', 'users.id', 'exceptions.person_id')
    .select('exceptions.id')
    .where('exceptions.id', '=', id)
    .where((where) =>
      where.or([
        where('users.manager_id', '=', caller.id),
        where('exceptions.person_id', '=', caller.id),
        where('exceptions.requested_by', '=', caller.id),
      ]),
    )
    .executeTakeFirst();
  if (theirs === undefined) throw new Fault('not_allowed');
}

/**
 * Remembers when somebody who can decide first looked at a request: who decides without a look is seen in the analytics.
 * Whoever asked, or whom it is for, decides nothing.
 */
export async function rememberLook(
  store: Store,
  caller: PersonCaller,
  { id, person, requestedBy }: Pick<ExceptionView, 'id' | 'person' | 'requestedBy'>,
  now: Instant,
): Promise<void> {
  if (caller.id === person.id || caller.id === requestedBy.id) return;
  if (caller.roles.includes('auditor') && !deciderRoles.some((role) => caller.roles.includes(role))) return;
  const seen = await store.read
    .selectFrom('exception_views')
    .select('at')
    .where('exception_id', '=', id)
    .where('person_id', '=', caller.id)
    .executeTakeFirst();
  if (seen !== undefined) return;
  try {
    await store.commit({
      changes: [insert('exception_views', { exception_id: id, person_id: caller.id, at: now })],
      audit: [],
    });
  } catch (error) {
    // They looked twice at once; the first look counts.
    if (!(error instanceof ConflictError)) throw error;
  }
}
