import { type Kysely, sql } from 'kysely';
import { createIndex } from '../define-table.ts';

/**
 * Names are looked through as a whole, which takes a fraction of the time where nothing else is in between. And few of the
 * people are more than employees: who may decide is asked all the time, and so is who has left.
 */
export async function names(db: Kysely<unknown>): Promise<void> {
  await createIndex(db, 'users', ['id', 'name', 'email']);
  await createIndex(db, 'devices', ['id', 'name']);
  await sql`create index users_with_roles on users (id) where roles <> '["employee"]'`.execute(db);
  await sql`create index users_gone on users (id) where active = 0`.execute(db);
}
