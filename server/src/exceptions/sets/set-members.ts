import type { Kysely } from 'kysely';
import { type ExceptionSetBody, mostInSet } from '@postern/shared/protocol/exception-set';
import { Fault } from '@postern/shared/protocol/errors';
import type { Database } from '../../storage/database.ts';

type Whose = Pick<ExceptionSetBody, 'devices' | 'person' | 'group' | 'role'>;

/**
 * The devices that are meant, as a list that stands from now on: whoever joins the group or the role later is not in it.
 * Of people, groups and roles those that are active; named devices whatever they are, so that each one that cannot is told.
 *
 * @throws Fault exception_set_empty, exception_set_too_large
 */
export async function membersOf(read: Kysely<Database>, whose: Whose): Promise<string[]> {
  const ids = whose.devices === undefined ? await activeDevicesOf(read, whose) : [...new Set(whose.devices)];
  if (ids.length === 0) throw new Fault('exception_set_empty');
  if (ids.length > mostInSet) throw new Fault('exception_set_too_large');
  return ids;
}

async function activeDevicesOf(read: Kysely<Database>, { person, group, role }: Whose): Promise<string[]> {
  let query = read
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.owner_id')
    .select(['devices.id', 'users.groups', 'users.roles'])
    .where('devices.state', '=', 'active')
    .where('users.active', '=', 1)
    .orderBy('devices.id');
  if (person !== undefined) query = query.where('users.id', '=', person);
  const rows = await query.execute();
  return rows
    .filter((row) => group === undefined || named(row.groups).includes(group))
    .filter((row) => role === undefined || named(row.roles).includes(role))
    .map(({ id }) => id);
}

function named(stored: string): string[] {
  return JSON.parse(stored) as string[];
}
