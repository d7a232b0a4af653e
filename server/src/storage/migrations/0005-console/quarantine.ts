import { type Kysely, sql } from 'kysely';

/** The few that are in quarantine are counted whenever somebody opens the console. */
export async function quarantine(db: Kysely<unknown>): Promise<void> {
  await sql`create index devices_quarantined on devices (quarantined_at) where quarantined_at is not null`.execute(db);
}
