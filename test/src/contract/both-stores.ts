import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import path from 'node:path';
import type { AuditEvent } from '@postern/server/audit/event';
import { migrate, openStore } from '@postern/server/storage/open-store';
import type { Store } from '@postern/server/storage/store';
import { testPostgres } from '../support/test-postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export type StoreKind = Store['kind'];

/** A database of one kind without a row of anybody's, and what a test opens on it. */
export interface TestDatabase {
  kind: StoreKind;
  url: string;
  /** Migrates the database and opens a store on it; a second call opens another one on the same database. */
  open: () => Promise<Store>;
}

/** One test, run on SQLite and on PostgreSQL. Where there is no PostgreSQL it is skipped, and says why. */
export function onBothStores(name: string, body: (t: TestContext, database: TestDatabase) => Promise<void>): void {
  onStore('sqlite', name, body);
  onStore('postgres', name, body);
}

export function onStore(
  kind: StoreKind,
  name: string,
  body: (t: TestContext, database: TestDatabase) => Promise<void>,
): void {
  test(`${name} (${kind})`, async (t) => {
    const url = await newDatabase(t, kind, await migratedOnce(kind));
    if (url !== undefined) await body(t, databaseAt(t, kind, url));
  });
}

const templates = new Map<StoreKind, Promise<string | undefined>>();

/** Migrated once in a process and copied for each test: the tables are the same, only faster made. */
function migratedOnce(kind: StoreKind): Promise<string | undefined> {
  const known = templates.get(kind) ?? makeTemplate(kind);
  templates.set(kind, known);
  return known;
}

async function makeTemplate(kind: StoreKind): Promise<string | undefined> {
  let url: string;
  if (kind === 'sqlite') {
    const folder = mkdtempSync(path.join(tmpdir(), 'postern-template-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    url = `sqlite:${path.join(folder, 'template.db')}`;
  } else {
    const server = await testPostgres();
    if ('unavailable' in server) return undefined;
    url = await server.createDatabase();
  }
  await migrate(url);
  return url;
}

/**
 * Address of a new database, empty or a copy of `template`; undefined when the test was skipped for want of it.
 */
export async function newDatabase(t: TestContext, kind: StoreKind, template?: string): Promise<string | undefined> {
  if (kind === 'sqlite') {
    const file = path.join(temporaryFolder(t, 'contract'), 'postern.db');
    if (template !== undefined) copyFileSync(template.replace('sqlite:', ''), file);
    return `sqlite:${file}`;
  }
  const server = await testPostgres();
  if ('unavailable' in server) {
    t.skip(server.unavailable);
    return undefined;
  }
  return server.createDatabase(template);
}

export function databaseAt(t: TestContext, kind: StoreKind, url: string): TestDatabase {
  return {
    kind,
    url,
    async open() {
      await migrate(url);
      const store = await openStore(url);
      t.after(() => store.close());
      return store;
    },
  };
}

/** An audit event that differs from the others by `data` only. */
export function event(data: AuditEvent['data'] = {}, text?: string): AuditEvent {
  const actor = { kind: 'device', id: 'dev_1' } as const;
  const bare = { at: 1_700_000_000_000, type: 'token.issued', outcome: 'success', actor, subject: null, data } as const;
  return text === undefined ? bare : { ...bare, text };
}
