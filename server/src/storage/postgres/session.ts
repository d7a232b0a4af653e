import type { ClientBase, QueryResult } from 'pg';
import type { ChainHead } from '../../audit/chain.ts';
import { headQuery } from '../head-query.ts';

/** A connection of the writer that counts its round trips. */
export interface Session {
  query<Row extends object>(sql: string, parameters?: unknown[]): Promise<QueryResult<Row>>;
  /** The server plans it once for this connection and knows it by its name from then on. */
  queryPrepared(name: string, sql: string, parameters: unknown[]): Promise<void>;
}

export function countingSession(client: ClientBase, onQuery: () => void): Session {
  return {
    query(sql, parameters) {
      onQuery();
      return client.query(sql, parameters);
    },
    async queryPrepared(name, sql, parameters) {
      onQuery();
      await client.query({ name, text: sql, values: parameters });
    },
  };
}

/** The last entry of the chain as it is in the database. */
export async function readHead(session: Session): Promise<ChainHead> {
  const { rows } = await session.query<ChainHead>(headQuery);
  const [head] = rows;
  if (head === undefined)
    throw new Error('the database holds no chain id: it was not set up by postern-server migrate');
  return head;
}
