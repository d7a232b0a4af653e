import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import { readDatabaseUrl } from './database-url.ts';
import { assertMigrated } from './migrate.ts';
import { makeReadOnly } from './postgres/connection.ts';
import { createPool } from './postgres/pool.ts';
import { postgresReader } from './postgres/reader.ts';
import { openSqliteReader } from './sqlite/file.ts';
import { sqliteReader } from './sqlite/reader.ts';
import { createSnapshot } from './sqlite/snapshot.ts';

export interface OpenReader {
  readonly read: Kysely<Database>;
  close(): Promise<void>;
}

/**
 * Opens a database for looking only: it is neither made nor migrated, and its connections cannot write. Throws when
 * it is not there or does not have the schema of this program.
 */
export async function openReader(databaseUrl: string): Promise<OpenReader> {
  const address = readDatabaseUrl(databaseUrl);
  const nobodyCounts = () => undefined;
  const read =
    address.kind === 'sqlite'
      ? readSqlite(address.file, nobodyCounts)
      : postgresReader(createPool(address.url, { max: 1, onConnect: makeReadOnly }), nobodyCounts);
  try {
    await assertMigrated(read, address.kind);
  } catch (error) {
    await read.destroy();
    throw error;
  }
  return { read, close: () => read.destroy() };
}

function readSqlite(file: string, onQuery: () => void): Kysely<Database> {
  const connection = openSqliteReader(file);
  return sqliteReader(connection, createSnapshot(connection), onQuery);
}
