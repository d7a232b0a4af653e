import { callbackify } from 'node:util';
import pg from 'pg';

const int8Oid = 20;

/** `bigint` as a number: times and counts here are far below 2^53, and SQLite gives numbers too. */
const numbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8Oid && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
};

interface PoolOptions {
  max: number;
  /** Prepares or refuses a new connection before anybody uses it. */
  onConnect?: (client: pg.ClientBase) => Promise<void>;
  onError?: (error: Error) => void;
  /** A query that has no answer by then is given up. Its connection still waits, and is not to be used again. */
  queryTimeoutMs?: number;
}

export function createPool(url: string, options: PoolOptions): pg.Pool {
  const { onConnect, queryTimeoutMs } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    types: numbers,
    connectionTimeoutMillis: 10_000,
    // Signing in and checking the settings anew after each pause would cost more than an idle connection.
    idleTimeoutMillis: 0,
    application_name: 'postern-server',
    ...(queryTimeoutMs === undefined ? {} : { query_timeout: queryTimeoutMs }),
    ...(onConnect === undefined ? {} : { verify: callbackify(onConnect) }),
  });
  // A connection may be lost while nobody uses it, or in use but between two queries: the pool makes another, and the
  // next query on it fails by itself. Unheard, the event would end the process.
  pool.on('error', (error) => options.onError?.(error));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
