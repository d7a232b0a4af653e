import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';

/** How long a connection waits for another process (the CLI, a restore) to let go of the file. */
const busyTimeoutMs = 10_000;
const retryMs = 20;

/**
 * Opens the file for writing, creating it (0600, in a folder of 0700) where there is none, and makes sure
 * that a committed transaction survives a loss of power. Throws when it cannot be made sure.
 */
export function openSqliteFile(file: string): Sqlite.Database {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its -wal and -shm files the mode of the main file, so that has to be right first.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    switchToWal(database);
    // better-sqlite3 is compiled with synchronous=NORMAL for files that are in WAL mode already: each
    // open after the first would lose acknowledged writes without this line.
    database.pragma('synchronous = full');
    database.pragma('foreign_keys = on');
    // Pages that a savepoint may have to restore: otherwise a file is made and removed for each transaction.
    database.pragma('temp_store = memory');
    // A page that is written again before the next checkpoint is copied into the file once. At 1000 frames, SQLite's own
    // number, checkpoints were a tenth of what a token costs; far above 4000 (16 MB) they only hold others up for longer.
    database.pragma('wal_autocheckpoint = 4000');
    assertDurable(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Changing the mode takes the file for a moment, and SQLite does not wait for it as it does for a transaction. */
function switchToWal(database: Sqlite.Database): void {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      database.pragma('journal_mode = wal');
      return;
    } catch (error) {
      const isBusy = error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY';
      if (!isBusy || waitedMs >= busyTimeoutMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
}

/** A connection that cannot write. The file must exist. */
export function openSqliteReader(file: string): Sqlite.Database {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  database.pragma('query_only = on');
  return database;
}

const full = 2;

/** Reads the settings back: SQLite ignores a pragma that it does not like without a word. */
export function assertDurable(database: Sqlite.Database): void {
  const journal = database.pragma('journal_mode', { simple: true });
  if (journal !== 'wal')
    throw new Error(`journal_mode is ${String(journal)}, not wal: the file system may not support it`);
  const synchronous = database.pragma('synchronous', { simple: true });
  if (synchronous !== full) throw new Error(`synchronous is ${String(synchronous)}, not full`);
  if (database.pragma('foreign_keys', { simple: true }) !== 1) throw new Error('foreign_keys is off');
}
