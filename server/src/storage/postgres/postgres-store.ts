import type { Logger } from 'pino';
import { systemRandom } from '../../random.ts';
import { checkStore } from '../check-store.ts';
import { checkUnit } from '../check-unit.ts';
import { assertMigrated } from '../migrate.ts';
import type { Store } from '../store.ts';
import { assertDurable, makeReadOnly } from './connection.ts';
import { GroupWriter } from './group-writer.ts';
import { createPool } from './pool.ts';
import { postgresReader } from './reader.ts';
import { defaultTimeouts, limitReads, limitWrites, type Timeouts } from './timeouts.ts';

const readers = 10;

interface PostgresOptions {
  log?: Pick<Logger, 'warn'>;
  timeouts?: Timeouts;
}

/** Opens a migrated database: one connection that writes, and a pool of connections that read. */
export async function openPostgresStore(
  url: string,
  { log, timeouts = defaultTimeouts }: PostgresOptions = {},
): Promise<Store> {
  const onError = (error: Error) => log?.warn({ err: error }, 'a connection to the database was lost');
  const writerPool = createPool(url, {
    max: 1,
    queryTimeoutMs: timeouts.writeMs,
    onError,
    async onConnect(client) {
      await assertDurable(client);
      await limitWrites(client, timeouts);
    },
  });
  const readerPool = createPool(url, {
    max: readers,
    queryTimeoutMs: timeouts.readMs,
    onError,
    async onConnect(client) {
      await makeReadOnly(client);
      await limitReads(client, timeouts);
    },
  });
  let reads = 0;
  const read = postgresReader(readerPool, () => {
    reads += 1;
  });
  const writer = new GroupWriter(writerPool, systemRandom);
  const end = async () => {
    await writer.drain();
    await writerPool.end();
    await read.destroy();
    if (!readerPool.ended) await readerPool.end();
  };
  try {
    await assertMigrated(read, 'postgres');
    await writer.start();
  } catch (error) {
    await end();
    throw error;
  }
  reads = 0;
  let ended: Promise<void> | undefined;
  const store: Store = {
    kind: 'postgres',
    read,
    async commit(unit) {
      checkUnit(unit);
      await writer.write(unit);
    },
    keeping: undefined,
    roundTrips: () => ({ reads, writes: writer.roundTrips }),
    check: () => checkStore(store),
    close: () => (ended ??= end()),
  };
  return store;
}
