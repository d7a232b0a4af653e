import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { readChain, verifyChain } from '@postern/server/audit/index';
import { freshStartHash } from '@postern/server/devices/index';
import { insert } from '@postern/server/storage/change';
import { backup, BackupError, inspect, restore } from '@postern/server/storage/index';
import type { Store } from '@postern/server/storage/store';
import { tableNames } from '@postern/server/storage/tables';
import fc from 'fast-check';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { databaseAt, event, newDatabase, onBothStores, onStore } from './both-stores.ts';
import { device, firstEvidence, replay, unchangedAttestation, user } from './records.ts';

const now = Date.UTC(2026, 10, 21);
const strange = 'Zoë \u2028 "\\ 😀';

async function fill(store: Store): Promise<void> {
  await store.commit({
    changes: [user('usr_1', { name: strange }), device('dev_1', 'usr_1'), firstEvidence('dev_1')],
    audit: [event({}, strange)],
  });
  for (let seq = 1; seq <= 30; seq += 1)
    await store.commit({ changes: unchangedAttestation('dev_1', seq), audit: [event({ seq })] });
  await store.commit({
    changes: [
      insert('gateways', {
        id: 'gw_1',
        name: 'n',
        secret_hash: 'h',
        resources: '[]',
        created_at: now,
        removed_at: null,
      }),
    ],
    audit: [],
  });
}

/** All rows of all tables, but for what restoring changes by design. */
async function contents(store: Store): Promise<unknown> {
  const tables: Record<string, unknown> = {};
  for (const name of tableNames) {
    const rows: object[] = await store.read.selectFrom(name).selectAll().execute();
    const kept = rows.filter(
      (row) => !('type' in row && row.type === 'backup.restored') && !('key' in row && row.key === 'policy_epoch'),
    );
    const compared = name === 'evidence' ? kept.map((row) => ({ ...row, hash: '', received_at: 0 })) : kept;
    tables[name] = compared.map((row) => JSON.stringify(row)).toSorted();
  }
  return tables;
}

async function chainOf(store: Store) {
  const { value: chainId } = await store.read
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'chain_id')
    .executeTakeFirstOrThrow();
  return verifyChain(readChain(store.read), { chainId });
}

const backupFile = (t: TestContext) => path.join(temporaryFolder(t, 'backup'), 'postern.backup');
const problem = (name: string) => (error: unknown) => error instanceof BackupError && error.problem === name;

onBothStores('a backup is whole, private, and says what is in it', async (t, { open, url }) => {
  const store = await open();
  await fill(store);
  const file = backupFile(t);
  const steps: string[] = [];
  const summary = await backup(url, file, { now, onProgress: ({ table }) => steps.push(table) });
  assert.deepEqual(await inspect(file), summary);
  assert.deepEqual(steps, tableNames);
  assert.equal(summary.rows['attestations'], 30);
  assert.equal(summary.chain.head.seq, 31);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(path.dirname(file)), ['postern.backup']);
});

onBothStores('a backup taken from one store is restored into the other, and back', async (t, { open, url, kind }) => {
  const store = await open();
  await fill(store);
  const file = backupFile(t);
  await backup(url, file, { now });
  const otherKind = kind === 'sqlite' ? 'postgres' : 'sqlite';
  const otherUrl = await newDatabase(t, otherKind);
  if (otherUrl === undefined) return;
  await restore(otherUrl, file, { now, replace: false, freshStartHash });
  const other = await databaseAt(t, otherKind, otherUrl).open();
  assert.deepEqual(await contents(other), await contents(store));
  const secondFile = backupFile(t);
  await backup(otherUrl, secondFile, { now });
  await restore(url, secondFile, { now, replace: true, freshStartHash });
  assert.deepEqual(await contents(store), await contents(other));
  const verdict = await chainOf(store);
  assert.equal(verdict.outcome === 'intact' && verdict.count, 33, 'two restores are two further entries');
});

onBothStores(
  'after a restore every device starts its history afresh, above its last number',
  async (t, { open, url }) => {
    const store = await open();
    await fill(store);
    await store.commit({ changes: [device('dev_2', 'usr_1')], audit: [] });
    const file = backupFile(t);
    await backup(url, file, { now });
    await restore(url, file, { now, replace: true, freshStartHash });
    assert.deepEqual(await store.read.selectFrom('evidence').selectAll().orderBy('device_id').execute(), [
      { device_id: 'dev_1', seq: 30, hash: freshStartHash, received_at: 0 },
      { device_id: 'dev_2', seq: 0, hash: freshStartHash, received_at: 0 },
    ]);
  },
);

onBothStores('a backup while the server writes is one consistent moment', async (t, { open, url }) => {
  const store = await open();
  await fill(store);
  const done = new AbortController();
  let written = 0;
  const writing = (async () => {
    for (; !done.signal.aborted; written += 1)
      await store.commit({ changes: [replay(`a${written}`), replay(`b${written}`)], audit: [event({ written })] });
  })();
  const summaries = [];
  for (let round = 0; round < 5; round += 1) summaries.push(await backup(url, backupFile(t), { now }));
  done.abort();
  await writing;
  for (const { rows, chain } of summaries) {
    assert.equal(rows['audit'], chain.head.seq);
    assert.equal(rows['replays'], 2 * (chain.head.seq - 31), 'units are in it whole or not at all');
  }
  assert.ok(written > 0);
});

onBothStores(
  'restoring under a running server: it goes on with the restored chain and policies',
  async (t, { open, url }) => {
    const store = await open();
    await fill(store);
    const file = backupFile(t);
    await backup(url, file, { now });
    const epoch = () =>
      store.read.selectFrom('meta').select('value').where('key', '=', 'policy_epoch').executeTakeFirstOrThrow();
    const epochBefore = await epoch();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store.commit({ changes: [replay(`k${index}`)], audit: [event({ index })] }),
      ),
    );
    await restore(url, file, { now, replace: true, freshStartHash });
    assert.notDeepEqual(await epoch(), epochBefore, 'policies in memory must be read again');
    assert.deepEqual(await store.read.selectFrom('replays').selectAll().execute(), []);
    await store.commit({ changes: [replay('after')], audit: [event({ after: true })] });
    const verdict = await chainOf(store);
    assert.equal(verdict.outcome === 'intact' && verdict.count, 33);
  },
);

onBothStores('a database that holds data is left alone unless told to replace it', async (t, { open, url }) => {
  const store = await open();
  await fill(store);
  const file = backupFile(t);
  await backup(url, file, { now });
  const before = await contents(store);
  await assert.rejects(restore(url, file, { now, replace: false, freshStartHash }), problem('not-empty'));
  assert.deepEqual(await contents(store), before);
});

onStore(
  'sqlite',
  'any altered, cut or lengthened backup is refused before the database is touched',
  async (t, { open, url }) => {
    await fill(await open());
    const file = backupFile(t);
    await backup(url, file, { now });
    const whole = readFileSync(file);
    const damagedFile = path.join(path.dirname(file), 'damaged');
    const refused = async (bytes: Uint8Array) => {
      writeFileSync(damagedFile, bytes);
      await assert.rejects(inspect(damagedFile), BackupError);
      await assert.rejects(restore(url, damagedFile, { now, replace: true, freshStartHash }), BackupError);
    };
    const index = fc.integer({ min: 0, max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(index, fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        await refused(bytes);
      }),
      { numRuns: 100 },
    );
    await fc.assert(
      fc.asyncProperty(index, (length) => refused(whole.subarray(0, length))),
      { numRuns: 50 },
    );
    await refused(Buffer.concat([whole, Buffer.from('[]\n')]));
    const lines = whole.toString().split('\n');
    for (let line = 0; line < lines.length - 1; line += 1)
      await refused(Buffer.from(lines.toSpliced(line, 1).join('\n')));
  },
);
