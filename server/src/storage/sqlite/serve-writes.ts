import type { MessagePort } from 'node:worker_threads';
import { systemRandom } from '../../random.ts';
import type { FactWrite } from '../fact-writes.ts';
import type { Unit } from '../store.ts';
import { BasisGuard } from './basis-guard.ts';
import { openSqliteFile } from './file.ts';
import { batchWriter, type UnitResult } from './write-batch.ts';

export interface Handed {
  id: number;
  unit: Unit;
}

export type ToWriter = { kind: 'units'; units: readonly Handed[] } | { kind: 'close' };
/** `done` carries a result for each id, in order, and what was written to facts. One `done` is one transaction. */
export type FromWriter =
  | { kind: 'ready' }
  | { kind: 'done'; ids: number[]; results: UnitResult[]; facts: readonly FactWrite[] };

/**
 * Owns the only connection that writes to a file. What arrives at the port in one turn of the loop is one transaction; the answer
 * goes out after its COMMIT. Closes the port with the database.
 */
export function serveWrites(file: string, port: MessagePort): void {
  const connection = openSqliteFile(file);
  // Pages that split out of order make SQLite look through its whole cache at COMMIT: with its 16 MB that was 1 of each 20 µs
  // that a token costs here, and a page that is not in the cache is one read away, in the kernel's.
  connection.pragma('cache_size = -2000');
  const guard = new BasisGuard(connection);
  const writeBatch = batchWriter(connection, systemRandom, guard);
  let waiting: Handed[] = [];

  const send = (message: FromWriter) => port.postMessage(message);

  function flush(): void {
    const batch = waiting;
    waiting = [];
    const results = writeBatch(batch.map(({ unit }) => unit));
    send({ kind: 'done', ids: batch.map(({ id }) => id), results, facts: guard.news() });
  }

  port.on('message', (message: ToWriter) => {
    if (message.kind === 'close') {
      if (waiting.length > 0) flush();
      connection.close();
      port.close();
      return;
    }
    if (waiting.length === 0) setImmediate(() => waiting.length > 0 && flush());
    waiting.push(...message.units);
  });

  send({ kind: 'ready' });
}
