import type { Database as SqliteConnection, Statement } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Database } from '../database.ts';
import { readDirectly } from '../direct-read.ts';
import type { Snapshot } from './snapshot.ts';

/** More than the program has different queries; a bound, because the SQL of lists depends on the request. */
const maxStatements = 500;

/**
 * Kysely over a connection that reads. Kysely prepares each query anew, which costs several times what running
 * it does; this keeps the prepared ones.
 */
export function sqliteReader(connection: SqliteConnection, snapshot: Snapshot, onQuery: () => void): Kysely<Database> {
  const statements = new LRUCache<string, Statement>({ max: maxStatements });
  const prepared = (sql: string) => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const all = (sql: string, parameters: readonly unknown[]): unknown[] => {
    onQuery();
    return prepared(sql).all(...parameters);
  };
  const read = new Kysely<Database>({
    dialect: new SqliteDialect({
      database: {
        close: () => connection.close(),
        prepare: (sql) => ({
          reader: true,
          all: (parameters) => {
            snapshot.release();
            return all(sql, parameters);
          },
          run: () => {
            throw new Error('this connection only reads; writes go through commit');
          },
          iterate: (parameters) => {
            onQuery();
            snapshot.release();
            // One of its own: a statement that is being stepped through cannot serve another query.
            return connection.prepare(sql).iterate(...parameters);
          },
        }),
      },
    }),
  });
  // Only what is asked on a hot path shares a snapshot with others of its turn.
  readDirectly(read, (sql, parameters) => {
    snapshot.hold();
    return all(sql, parameters);
  });
  return read;
}
