import type { ClientBase } from 'pg';

/**
 * Refuses a connection on which COMMIT could return before the transaction is on disk, or which would change
 * text. Checked for each connection: these settings may differ by role and database.
 */
export async function assertDurable(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(
    `select current_setting('synchronous_commit') as synchronous_commit, current_setting('fsync') as fsync,
            current_setting('full_page_writes') as full_page_writes, current_setting('server_encoding') as server_encoding`,
  );
  const settings = rows[0] ?? {};
  for (const name of ['synchronous_commit', 'fsync', 'full_page_writes']) {
    if (settings[name] === 'off') throw new Error(`PostgreSQL has ${name} off: acknowledged writes could be lost`);
  }
  if (settings['server_encoding'] !== 'UTF8') throw new Error('the database must be encoded in UTF8');
}

/** A second lock on a mistake: what reads cannot write. */
export async function makeReadOnly(client: ClientBase): Promise<void> {
  await client.query('set default_transaction_read_only = on');
}
