import type { Logger } from 'pino';
import { readDatabaseUrl } from './database-url.ts';
import { openPostgresStore } from './postgres/postgres-store.ts';
import type { Timeouts } from './postgres/timeouts.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store } from './store.ts';

export { migrate } from './migrate.ts';

interface OpenOptions {
  /** Hears of connections that were lost. */
  log?: Pick<Logger, 'warn'>;
  /** Of PostgreSQL, where the database may be there and not answer. */
  timeouts?: Timeouts;
}

/**
 * Opens the store at `sqlite:file` or `postgres://…`. It must have been brought to the current schema (migrate),
 * and be set to keep what it acknowledges; otherwise this throws and says so.
 */
export async function openStore(databaseUrl: string, options: OpenOptions = {}): Promise<Store> {
  const address = readDatabaseUrl(databaseUrl);
  return address.kind === 'sqlite' ? openSqliteStore(address.file) : openPostgresStore(address.url, options);
}
