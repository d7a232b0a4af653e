import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Instant, toTimestamp } from '@postern/shared/time';
import { schemaVersion } from '../migrations/index.ts';
import { tableNames, tableOf } from '../tables.ts';
import { backupFormat, type BackupHeader, type BackupSummary, type Progress } from './format.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';

interface BackupOptions {
  now: Instant;
  onProgress?: Progress;
}

/**
 * Writes a consistent copy of a database, also while a server uses it, to a file (0600) that is either whole or not
 * there. It holds everything, personal data and hashes of secrets too: keep it as you keep the database.
 */
export async function backup(databaseUrl: string, file: string, options: BackupOptions): Promise<BackupSummary> {
  const snapshot = await openSnapshot(databaseUrl);
  const unfinished = `${file}.${randomUUID()}.partial`;
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      const summary = await write(snapshot, handle, options);
      await handle.sync();
      await rename(unfinished, file);
      await syncFolder(path.dirname(file));
      return summary;
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await snapshot.close();
  }
}

async function write(
  snapshot: Snapshot,
  handle: FileHandle,
  { now, onProgress }: BackupOptions,
): Promise<BackupSummary> {
  const header = await headerOf(snapshot, now);
  const digest = createHash('sha256');
  const writeLines = async (lines: readonly unknown[]) => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    digest.update(text, 'utf8');
    await handle.appendFile(text);
  };
  await writeLines([header]);
  const rows: Record<string, number> = {};
  for (const table of tableNames) {
    await writeLines([{ table, columns: Object.keys(tableOf(table).columns) }]);
    let count = 0;
    for await (const portion of snapshot.rows(table)) {
      await writeLines(portion);
      count += portion.length;
    }
    rows[table] = count;
    onProgress?.({ table, rows: count });
  }
  const sha256 = digest.digest('base64url');
  await handle.appendFile(`${JSON.stringify({ end: true, rows, sha256 })}\n`);
  return { ...header, rows, sha256 };
}

async function headerOf(snapshot: Snapshot, now: Instant): Promise<BackupHeader> {
  const newest = (await snapshot.migrations()).at(-1);
  if (newest !== schemaVersion)
    throw new Error('the database does not have the schema of this program: run postern-server migrate');
  let id = '';
  for await (const portion of snapshot.rows('meta')) {
    for (const [key, value] of portion) if (key === 'chain_id') id = String(value);
  }
  const head = (await snapshot.chainHead()) ?? { seq: 0, hash: id };
  return { format: backupFormat, version: 1, schema: schemaVersion, createdAt: toTimestamp(now), chain: { id, head } };
}

/** A new name is safe only when its folder is on disk too. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
