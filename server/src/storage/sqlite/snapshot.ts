import type { Database as SqliteConnection } from 'better-sqlite3';

/** What a connection that reads sees, held still for a moment. */
export interface Snapshot {
  /** From now to the end of this turn of the loop queries see the same; a snapshot that is held already goes on. */
  readonly hold: () => void;
  /** The next query sees all that was committed until then. */
  readonly release: () => void;
}

/**
 * Queries of one turn of the loop share a read transaction: between two of them SQLite forgets its pages whenever anything was
 * committed, and reading them again cost twice what the query of a device does. Whoever is told that something was committed
 * is to release it first, so that everybody reads what they wrote.
 */
export function createSnapshot(connection: SqliteConnection): Snapshot {
  const begin = connection.prepare('begin');
  const commit = connection.prepare('commit');
  const release = () => {
    if (connection.open && connection.inTransaction) commit.run();
  };
  return {
    hold() {
      if (connection.inTransaction) return;
      begin.run();
      setImmediate(release);
    },
    release,
  };
}
