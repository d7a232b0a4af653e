import type { Id } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import { toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';
import { rolesOf } from './roles.ts';

type UserRow = Database['users'];

export function userView(row: UserRow) {
  return {
    id: row.id as Id<'user'>,
    name: row.name,
    email: row.email,
    roles: rolesOf(row),
    groups: JSON.parse(row.groups) as string[],
    manager: row.manager_id as Id<'user'> | null,
    active: row.active === 1,
    createdAt: toTimestamp(row.created_at),
  };
}

/** Throws Fault not_found. */
export async function readUser({ read }: Pick<Deps['store'], 'read'>, id: string): Promise<UserRow> {
  const row = await read.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return row;
}
