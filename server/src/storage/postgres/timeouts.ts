import type { ClientBase } from 'pg';
import { second } from '@postern/shared/time';

/** How long the database may take before what waits for it is told so. Milliseconds. */
export interface Timeouts {
  readMs: number;
  /** One statement of the writer: nothing else is written meanwhile, so it must have an end. */
  writeMs: number;
  /** For a lock that somebody else holds: a restore, a migration, an operator's session. Shorter than `writeMs`. */
  lockMs: number;
}

export const defaultTimeouts: Timeouts = { readMs: 10 * second, writeMs: 15 * second, lockMs: 5 * second };

/** The server ends what nobody waits for any more. */
export async function limitReads(client: ClientBase, { readMs }: Timeouts): Promise<void> {
  await client.query(`set statement_timeout = ${readMs}`);
}

/**
 * No statement_timeout here: it would end a COMMIT that waits for a synchronous standby with a mere warning, and
 * the write would be acknowledged without being there. This side gives up instead, and the connection with it.
 */
export async function limitWrites(client: ClientBase, { writeMs, lockMs }: Timeouts): Promise<void> {
  await client.query(`set lock_timeout = ${lockMs}`);
  // A process that died in the middle of a transaction must not keep its locks for as long as TCP keeps its connection.
  await client.query(`set idle_in_transaction_session_timeout = ${writeMs}`);
}
