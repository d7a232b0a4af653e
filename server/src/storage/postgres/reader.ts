import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Database } from '../database.ts';
import { readFailure, withCode } from './failure.ts';

/** A connection keeps a prepared statement until it ends, so there must be an end to them. */
const maxPrepared = 200;

/** "cached plan must not change result type": a migration ran since the statement was prepared. */
const stalePlan = '0A000';

/**
 * Kysely over a pool of connections that read. The server plans each query once for a connection and not each time:
 * planning the joins of the hot path takes longer than running them.
 */
export function postgresReader(pool: pg.Pool, onQuery: () => void): Kysely<Database> {
  const names = new Map<string, string>();
  const nameOf = (sql: string): string | undefined => {
    const name = names.get(sql);
    if (name !== undefined || names.size >= maxPrepared) return name;
    names.set(sql, `postern_read_${names.size}`);
    return names.get(sql);
  };
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    let spent = false;
    const query = async (sql: string, values: unknown[]) => {
      onQuery();
      try {
        const name = nameOf(sql);
        return await client.query({ text: sql, values, ...(name === undefined ? {} : { name }) });
      } catch (error) {
        // After a timeout the answer may still come, and would be taken for that of the next query.
        spent ||= readFailure(error).kind === 'lost' || (error instanceof pg.DatabaseError && error.code === stalePlan);
        throw withCode(error);
      }
    };
    return {
      // Kysely asks for cursors here too, but only when it was given a class for them.
      query: query as unknown as PostgresPoolClient['query'],
      release: (destroy) => client.release(destroy === true || spent),
    };
  };
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: {
        options: {},
        end: () => pool.end(),
        async connect() {
          const client = await pool.connect().catch((error: unknown) => {
            throw withCode(error);
          });
          const known = wrapped.get(client) ?? wrap(client);
          wrapped.set(client, known);
          return known;
        },
      },
    }),
  });
}
