import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { readDatabaseUrl } from './database-url.ts';
import type { StoreKind } from './migrations/define-table.ts';
import { migrationsFor } from './migrations/index.ts';
import { createPool } from './postgres/pool.ts';
import { openSqliteFile } from './sqlite/file.ts';

/**
 * Brings the database to the schema of this program, creating it where there is none.
 * Returns the names of the migrations that ran. Throws when the database is newer than the program.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const address = readDatabaseUrl(databaseUrl);
  return address.kind === 'sqlite' ? migrateSqlite(address.file) : migratePostgres(address.url);
}

async function migrateSqlite(file: string): Promise<string[]> {
  const database = openSqliteFile(file);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  try {
    // Kysely's lock is for one process; this one also holds off another process that starts now.
    database.exec('begin immediate');
    const names = await run(db, 'sqlite');
    database.exec('commit');
    return names;
  } finally {
    database.close();
  }
}

async function migratePostgres(url: string): Promise<string[]> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: createPool(url, { max: 1 }) }) });
  try {
    return await run(db, 'postgres');
  } finally {
    await db.destroy();
  }
}

async function run(db: Kysely<unknown>, kind: StoreKind): Promise<string[]> {
  const { error, results } = await migratorFor(db, kind).migrateToLatest();
  if (error !== undefined) throw new Error('the database could not be brought to the current schema', { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}

/** Throws unless the database has exactly the schema of this program. */
export async function assertMigrated<DB>(db: Kysely<DB>, kind: StoreKind): Promise<void> {
  const applied = await appliedMigrations(db);
  const known = Object.keys(migrationsFor(kind));
  const missing = known.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`the database is newer than this program: it has ${unknown.join(', ')}`);
  if (missing.length > 0) throw new Error(`the database lacks ${missing.join(', ')}: run postern-server migrate`);
}

const migrationTable = 'schema_migrations';

async function appliedMigrations<DB>(db: Kysely<DB>): Promise<string[]> {
  const existing = await db.introspection.getTables();
  if (!existing.some((table) => table.name === migrationTable)) return [];
  const rows = await (db as unknown as Kysely<{ [migrationTable]: { name: string } }>)
    .selectFrom(migrationTable)
    .select('name')
    .execute();
  return rows.map((row) => row.name);
}

function migratorFor(db: Kysely<unknown>, kind: StoreKind): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => migrationsFor(kind) },
    migrationTableName: migrationTable,
    migrationLockTableName: 'schema_migrations_lock',
  });
}
