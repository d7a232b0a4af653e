import type { ChainHead } from '../../audit/chain.ts';
import type { TableName } from '../database.ts';
import { readDatabaseUrl } from '../database-url.ts';
import { createPool } from '../postgres/pool.ts';
import { openSqliteReader } from '../sqlite/file.ts';
import { tableOf } from '../tables.ts';
import type { BackupRow } from './format.ts';

/** The database as it was at one instant, however long the reading takes and whatever is written meanwhile. */
export interface Snapshot {
  /** Rows by primary key, in portions; the columns in the order of tables.ts. */
  rows(table: TableName): AsyncIterable<BackupRow[]>;
  chainHead(): Promise<ChainHead | undefined>;
  migrations(): Promise<string[]>;
  close(): Promise<void>;
}

const portion = 1000;
const lastEntry = 'select seq, hash from audit order by seq desc limit 1';
const migrationNames = 'select name from schema_migrations order by name';

export async function openSnapshot(databaseUrl: string): Promise<Snapshot> {
  const address = readDatabaseUrl(databaseUrl);
  return address.kind === 'sqlite' ? sqliteSnapshot(address.file) : postgresSnapshot(address.url);
}

/** All rows of a table. The names come from tables.ts, never from outside. */
function selectAll(table: TableName): string {
  const { key, columns } = tableOf(table);
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
  return `select ${quoted(Object.keys(columns))} from "${table}" order by ${quoted(key)}`;
}

function sqliteSnapshot(file: string): Snapshot {
  const connection = openSqliteReader(file);
  // The first read of a transaction fixes what all later ones see.
  connection.exec('begin; select count(*) from meta');
  return {
    async *rows(table) {
      let rows: BackupRow[] = [];
      for (const row of connection.prepare<[], BackupRow>(selectAll(table)).raw().iterate()) {
        if (rows.push(row) < portion) continue;
        yield rows;
        rows = [];
      }
      if (rows.length > 0) yield rows;
    },
    chainHead: async () => connection.prepare<[], ChainHead>(lastEntry).get(),
    migrations: async () =>
      connection
        .prepare<[], { name: string }>(migrationNames)
        .all()
        .map(({ name }) => name),
    async close() {
      connection.close();
    },
  };
}

async function postgresSnapshot(url: string): Promise<Snapshot> {
  const pool = createPool(url, { max: 1 });
  try {
    const client = await pool.connect();
    await client.query('begin isolation level repeatable read read only');
    return {
      async *rows(table) {
        await client.query(`declare backup_rows no scroll cursor for ${selectAll(table)}`);
        for (;;) {
          const { rows } = await client.query<BackupRow>({
            text: `fetch ${portion} from backup_rows`,
            rowMode: 'array',
          });
          if (rows.length > 0) yield rows;
          if (rows.length < portion) break;
        }
        await client.query('close backup_rows');
      },
      chainHead: async () => (await client.query<ChainHead>(lastEntry)).rows[0],
      migrations: async () => (await client.query<{ name: string }>(migrationNames)).rows.map(({ name }) => name),
      async close() {
        client.release(true);
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
