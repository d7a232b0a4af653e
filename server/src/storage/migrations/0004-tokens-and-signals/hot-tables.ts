import { type Kysely, sql } from 'kysely';

/**
 * Tables that every token writes to. An index on the device is a page of its own to write for each token; it is asked
 * only for tokens that leaned on an exception, and an index on the grant only for those that had one. Replays were
 * found by their time only to delete them, which cost more than looking through them does (clean-up.ts).
 */
export async function hotTables(db: Kysely<unknown>): Promise<void> {
  await sql`drop index access_tokens_device_id`.execute(db);
  await sql`drop index access_tokens_grant_id`.execute(db);
  await sql`drop index replays_expires_at`.execute(db);
  await sql`create index access_tokens_device_id on access_tokens (device_id) where exceptions <> '[]'`.execute(db);
  await sql`create index access_tokens_grant_id on access_tokens (grant_id) where grant_id is not null`.execute(db);
}
