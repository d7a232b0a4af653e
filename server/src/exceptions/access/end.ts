import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { endException } from '../deciding/end.ts';

/**
 * Ends temporary access, begun or not: by its person, their manager, an approver, or who the template names. Its tokens end
 * with it: introspection asks for the grant each time.
 *
 * @throws Fault not_found where there is no temporary access of that id, not_allowed, exception_state, conflict
 */
export async function endAccess(
  deps: Pick<Deps, 'store'>,
  ending: { id: string; by: string; reason?: string | undefined },
  now: Instant,
): Promise<void> {
  const row = await deps.store.read
    .selectFrom('exceptions')
    .select('kind')
    .where('id', '=', ending.id)
    .executeTakeFirst();
  if (row?.kind !== 'access') throw new Fault('not_found');
  await endException(deps, 'revoke', ending, now);
}
