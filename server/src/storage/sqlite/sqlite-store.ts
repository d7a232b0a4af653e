import { checkStore } from '../check-store.ts';
import { checkUnit } from '../check-unit.ts';
import { assertMigrated } from '../migrate.ts';
import type { Store } from '../store.ts';
import { openSqliteReader } from './file.ts';
import { sqliteReader } from './reader.ts';
import { createSnapshot } from './snapshot.ts';
import { type Thread, Writer } from './writer.ts';

/** Opens a migrated file: a thread that writes, and a connection of this thread that reads. */
export async function openSqliteStore(file: string, startThread?: (file: string) => Thread): Promise<Store> {
  const writer = await Writer.start(file, startThread);
  const connection = openSqliteReader(file);
  const snapshot = createSnapshot(connection);
  writer.onSettled(snapshot.release);
  let reads = 0;
  const read = sqliteReader(connection, snapshot, () => {
    reads += 1;
  });
  try {
    await assertMigrated(read, 'sqlite');
  } catch (error) {
    connection.close();
    await writer.close();
    throw error;
  }
  reads = 0;
  const store: Store = {
    kind: 'sqlite',
    read,
    async commit(unit) {
      checkUnit(unit);
      await writer.write(unit);
    },
    keeping: { now: () => writer.facts.last, stands: (basis) => writer.facts.stands(basis) },
    roundTrips: () => ({ reads, writes: writer.transactions }),
    check: () => checkStore(store),
    async close() {
      await writer.close();
      await read.destroy();
    },
  };
  return store;
}
