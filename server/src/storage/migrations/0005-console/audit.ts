import { type Kysely, sql } from 'kysely';

/**
 * What was refused is what a log is searched for, and among a million tokens it is rare. Whoever writes an entry pays half a
 * microsecond for the comparison, and for the index only where something failed.
 */
export async function audit(db: Kysely<unknown>): Promise<void> {
  await sql`create index audit_failed on audit (seq) where entry like '%,"outcome":"failure","prev":"%'`.execute(db);
}
