import { openSqliteFile } from '@postern/server/storage/sqlite/file';

/** What oidc-provider asks of a store, as far as the client credentials grant goes: it finds and keeps replays. */
export interface Adapter {
  find(id: string): Promise<object | undefined>;
  upsert(id: string, payload: object, expiresIn?: number): Promise<void>;
}

/**
 * A Map that forgets nothing before its time. The adapter that oidc-provider brings holds 1,000 entries: under load it
 * would forget the replays that it is there for.
 */
export function memoryAdapter(): (model: string) => Adapter {
  const kept = new Map<string, { payload: object; expiresAt: number }>();
  return (model) => ({
    async find(id) {
      const found = kept.get(`${model}:${id}`);
      return found !== undefined && found.expiresAt > Date.now() ? found.payload : undefined;
    },
    async upsert(id, payload, expiresIn) {
      kept.set(`${model}:${id}`, { payload, expiresAt: expiryOf(expiresIn) });
    },
  });
}

/**
 * SQLite as Postern opens it: better-sqlite3, WAL, `synchronous=FULL`, read back. Statements are prepared once, rows are found by
 * their primary key, nothing is indexed besides, nothing is cleaned up. Each call is a transaction: the interface is
 * awaited call by call, and its promise says that the payload is kept.
 */
export function sqliteAdapter(file: string): (model: string) => Adapter {
  const database = openSqliteFile(file);
  database.exec('create table kept (id text primary key, payload text not null, expires_at integer) without rowid');
  const find = database.prepare<[string, number], string>(
    'select payload from kept where id = ? and (expires_at is null or expires_at > ?)',
  );
  const upsert = database.prepare<[string, string, number | null]>(
    'insert into kept (id, payload, expires_at) values (?, ?, ?) on conflict (id) do update set payload = excluded.payload, expires_at = excluded.expires_at',
  );
  find.pluck();
  return (model) => ({
    async find(id) {
      const payload = find.get(`${model}:${id}`, Date.now());
      return payload === undefined ? undefined : (JSON.parse(payload) as object);
    },
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiryOf(expiresIn);
      upsert.run(`${model}:${id}`, JSON.stringify(payload), Number.isFinite(expiresAt) ? expiresAt : null);
    },
  });
}

function expiryOf(expiresIn: number | undefined): number {
  return expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000;
}
