import { after } from 'node:test';
import { type NoPostgres, type PostgresServer, startPostgres } from './postgres.ts';

let isUsed = false;
// Of all files that this process tests, the last one may need it.
after(async () => {
  if (!isUsed) return;
  const server = await startPostgres();
  if ('stop' in server) await server.stop();
});

/** The PostgreSQL of the tests of this process. It ends after them; no test ends it. */
export function testPostgres(): Promise<PostgresServer | NoPostgres> {
  isUsed = true;
  return startPostgres();
}
