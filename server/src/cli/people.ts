import type { Kysely } from 'kysely';
import { Fault } from '@postern/shared/protocol/errors';
import { findUserByEmail } from '../identity/index.ts';
import type { Database } from '../storage/database.ts';

export type UserRow = Database['users'];

/** The person with that address, or when none is given the admin who was there first. */
export async function personFor(read: Kysely<Database>, email: string | undefined): Promise<UserRow> {
  const user = email === undefined ? await firstAdmin(read) : await findUserByEmail(read, email);
  if (user === undefined) throw noPerson(email ?? 'an active admin');
  return user;
}

export function noPerson(who: string): Fault {
  return new Fault('not_found', {
    details: [
      {
        path: 'user',
        message: `there is nobody: ${who}. Make them with: postern-server admin-token --user EMAIL --role employee (or approver, admin, auditor)`,
      },
    ],
  });
}

async function firstAdmin(read: Kysely<Database>): Promise<UserRow | undefined> {
  const users = await read
    .selectFrom('users')
    .selectAll()
    .where('active', '=', 1)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return users.find(({ roles }) => (JSON.parse(roles) as string[]).includes('admin'));
}
