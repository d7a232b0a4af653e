import type { ChainHead } from '../../audit/chain.ts';
import type { TableName } from '../database.ts';
import { readDatabaseUrl } from '../database-url.ts';
import { assertDurable } from '../postgres/connection.ts';
import { createPool } from '../postgres/pool.ts';
import { openSqliteFile } from '../sqlite/file.ts';
import { tableNames, tableOf } from '../tables.ts';
import type { BackupRow } from './format.ts';

/** One transaction that replaces what a database holds. Others may read meanwhile, and see the old until it commits. */
export interface Loader {
  /** Whether any table but `meta` has rows. */
  holdsData(): Promise<boolean>;
  chainHead(): Promise<ChainHead | undefined>;
  meta(key: string): Promise<string | undefined>;
  clear(): Promise<void>;
  insert(table: TableName, rows: readonly BackupRow[]): Promise<void>;
  setMeta(key: string, value: string): Promise<void>;
  /** Gives each device evidence with this hash and of no time; sequence numbers stay. */
  startHistoriesAfresh(hash: string): Promise<void>;
  commit(): Promise<void>;
  /** Undoes what was not committed. */
  close(): Promise<void>;
}

const dataTables = tableNames.filter((table) => table !== 'meta');
const anyRow = `select ${dataTables.map((table) => `exists (select 1 from "${table}")`).join(' or ')} as found`;
const lastEntry = 'select seq, hash from audit order by seq desc limit 1';
const childrenFirst = tableNames.toReversed();

/** A device without evidence may have attested since the backup as well. */
const freshStarts = (hash: string) => [
  `update evidence set hash = ${hash}, received_at = 0`,
  `insert into evidence (device_id, seq, hash, received_at)
   select id, 0, ${hash}, 0 from devices where id not in (select device_id from evidence)`,
];

export async function openLoader(databaseUrl: string): Promise<Loader> {
  const address = readDatabaseUrl(databaseUrl);
  return address.kind === 'sqlite' ? sqliteLoader(address.file) : postgresLoader(address.url);
}

function columnsOf(table: TableName): string {
  return Object.keys(tableOf(table).columns)
    .map((column) => `"${column}"`)
    .join(', ');
}

function sqliteLoader(file: string): Loader {
  const connection = openSqliteFile(file);
  connection.exec('begin immediate');
  // Checked at COMMIT: within a table, rows may refer to later ones.
  connection.pragma('defer_foreign_keys = on');
  return {
    holdsData: async () => connection.prepare<[], { found: number }>(anyRow).get()?.found === 1,
    chainHead: async () => connection.prepare<[], ChainHead>(lastEntry).get(),
    meta: async (key) =>
      connection.prepare<[string], { value: string }>('select value from meta where key = ?').get(key)?.value,
    async clear() {
      for (const table of childrenFirst) connection.exec(`delete from "${table}"`);
    },
    async insert(table, rows) {
      const marks = Object.keys(tableOf(table).columns).fill('?').join(', ');
      const statement = connection.prepare<BackupRow>(`insert into "${table}" (${columnsOf(table)}) values (${marks})`);
      for (const row of rows) statement.run(...row);
    },
    async setMeta(key, value) {
      connection.prepare('insert or replace into meta (key, value) values (?, ?)').run(key, value);
    },
    async startHistoriesAfresh(hash) {
      for (const statement of freshStarts('?')) connection.prepare(statement).run(hash);
    },
    async commit() {
      connection.exec('commit');
    },
    async close() {
      connection.close();
    },
  };
}

async function postgresLoader(url: string): Promise<Loader> {
  const pool = createPool(url, { max: 1, onConnect: assertDurable });
  try {
    const client = await pool.connect();
    await client.query('begin');
    await client.query(`lock table ${tableNames.map((table) => `"${table}"`).join(', ')} in exclusive mode`);
    return {
      holdsData: async () => (await client.query<{ found: boolean }>(anyRow)).rows[0]?.found === true,
      chainHead: async () => (await client.query<ChainHead>(lastEntry)).rows[0],
      meta: async (key) =>
        (await client.query<{ value: string }>('select value from meta where key = $1', [key])).rows[0]?.value,
      async clear() {
        for (const table of childrenFirst) await client.query(`delete from "${table}"`);
      },
      async insert(table, rows) {
        const kinds = Object.values(tableOf(table).columns);
        const arrays = kinds.map((kind, index) => `$${index + 1}::${kind.startsWith('text') ? 'text' : 'bigint'}[]`);
        await client.query(
          `insert into "${table}" (${columnsOf(table)}) select * from unnest(${arrays.join(', ')})`,
          kinds.map((_, index) => rows.map((row) => row[index])),
        );
      },
      async setMeta(key, value) {
        await client.query(
          'insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value',
          [key, value],
        );
      },
      async startHistoriesAfresh(hash) {
        for (const statement of freshStarts('$1::text')) await client.query(statement, [hash]);
      },
      async commit() {
        await client.query('commit');
      },
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
