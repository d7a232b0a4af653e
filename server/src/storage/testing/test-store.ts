import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { migrate } from '../open-store.ts';
import { openSqliteStore } from '../sqlite/sqlite-store.ts';
import type { Store } from '../store.ts';
import { sharedThread } from './shared-thread.ts';

interface TestStoreOptions {
  /** Opens this database instead of a new one, e.g. a second time. */
  databaseUrl?: string;
}

export type TestStore = Store & { databaseUrl: string };

/** A migrated SQLite store in a folder of its own; closed and removed after the test. */
export async function openTestStore(t: Pick<TestContext, 'after'>, options: TestStoreOptions = {}): Promise<TestStore> {
  const databaseUrl = options.databaseUrl ?? `sqlite:${await newDatabase(t)}`;
  const store = await openSqliteStore(databaseUrl.replace('sqlite:', ''), sharedThread);
  t.after(() => store.close());
  return Object.assign(store, { databaseUrl });
}

async function newDatabase(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'postern-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'postern.db');
  await copyFile(await migratedTemplate(), file);
  return file;
}

let template: Promise<string> | undefined;

/** Migrated once in a process and copied for each test; the tables are the same, only faster made. */
function migratedTemplate(): Promise<string> {
  template ??= (async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'postern-template-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'template.db');
    await migrate(`sqlite:${file}`);
    return file;
  })();
  return template;
}
