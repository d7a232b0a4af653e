import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
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

/** As the program before policies had a life wrote it: without these tables, and without what these tables got since. */
const unknownThen = new Set([
  'policy_drafts',
  'policy_replays',
  'policy_replay_devices',
  'resources',
  'release_feeds',
  'check_flips',
  'brakes',
  'exception_templates',
  'template_proposals',
  'exception_views',
  'audit_checkpoints',
  'audit_tiles',
  'passkeys',
  'authenticator_apps',
  'step_ups',
  'reviews',
  'abuse_flags',
  'webhooks',
  'deliveries',
  'notices',
  'ssf_streams',
  'ssf_events',
  'device_trust',
  'passwords',
  'external_identities',
  'sign_ins',
  'saved_views',
  'fleet_days',
]);
const columnsThen: Record<string, string[]> = {
  signing_keys: ['kid', 'alg', 'public_jwk', 'private_jwe', 'created_at', 'signs_from', 'signs_until', 'removed_at'],
  device_codes: [
    'hash',
    'user_code',
    'device_name',
    'remote_address',
    'state',
    'owner_id',
    'interval_seconds',
    'polled_at',
    'created_at',
    'expires_at',
  ],
  access_tokens: [
    'id',
    'device_id',
    'person_id',
    'resource',
    'scope',
    'issued_at',
    'expires_at',
    'exceptions',
    'revoked_at',
  ],
  exception_decisions: ['exception_id', 'actor_id', 'verdict', 'reason', 'at', 'request_hash'],
  users: ['id', 'name', 'email', 'roles', 'active', 'created_at'],
  api_tokens: ['id', 'hash', 'user_id', 'label', 'created_at', 'expires_at', 'revoked_at'],
  sign_in_links: ['hash', 'user_id', 'created_at', 'expires_at', 'used_at'],
  sessions: ['hash', 'user_id', 'created_at', 'expires_at', 'ended_at'],
};
const addedSince = new Set([
  'ownership',
  'flips',
  'os_build',
  'drafted_by',
  'approved_by',
  'note',
  'enforcement',
  'role',
  'template',
  'template_version',
  'reason_code',
  'set_id',
  'emergency',
  'starts_at',
  'begins_at',
  'plan',
  'requested_authn',
  'reminded_ms',
]);

function asOfFirstSchema(file: string): void {
  const said = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  const trailer = said.pop() as { rows: Record<string, number> };
  const lines = [JSON.stringify({ ...(said.shift() as object), schema: '0001-initial' })];
  let kept: boolean[] | undefined;
  for (const line of said) {
    if (Array.isArray(line)) {
      if (kept !== undefined) lines.push(JSON.stringify(line.filter((_, index) => kept?.[index])));
      continue;
    }
    const { table, columns } = line as { table: string; columns: string[] };
    if (unknownThen.has(table)) {
      kept = undefined;
      continue;
    }
    kept = columns.map((column) => columnsThen[table]?.includes(column) ?? !addedSince.has(column));
    lines.push(JSON.stringify({ table, columns: columns.filter((_, index) => kept?.[index]) }));
  }
  const body = lines.map((line) => `${line}\n`).join('');
  const rows = Object.fromEntries(Object.entries(trailer.rows).filter(([table]) => !unknownThen.has(table)));
  const end = { end: true, rows, sha256: createHash('sha256').update(body).digest('base64url') };
  writeFileSync(file, `${body}${JSON.stringify(end)}\n`);
}

onBothStores(
  'a backup of an older schema is restored as an upgrade would have left it',
  async (t, { open, kind, url: from }) => {
    const store = await open();
    await fill(store);
    const how = { method: 'sign-in-link', user_agent: null, remote_address: null };
    const times = { created_at: 5, expires_at: 9, ended_at: null, authenticated_at: 5 };
    const session = { hash: 'h', user_id: 'usr_1', ...times, ...how };
    await store.commit({ changes: [insert('sessions', session)], audit: [] });
    const file = backupFile(t);
    await backup(from, file, { now });
    asOfFirstSchema(file);
    const url = await newDatabase(t, kind);
    if (url === undefined) return;
    assert.equal((await inspect(file)).schema, '0001-initial');
    await restore(url, file, { now, replace: false, freshStartHash });
    const restored = await databaseAt(t, kind, url).open();
    assert.deepEqual(await contents(restored), await contents(store));
    assert.equal((await chainOf(restored)).outcome, 'intact');
  },
);

test('a backup of a schema that is not known is no damaged one', async (t) => {
  const file = backupFile(t);
  const chain = { id: 'c', head: { seq: 1, hash: 'h' } };
  const header = {
    format: 'postern-backup',
    version: 1,
    schema: '9999-later',
    createdAt: '2026-11-21T12:00:00Z',
    chain,
  };
  writeFileSync(file, `${JSON.stringify(header)}\n{"table":"users","columns":["x"]}\n`);
  await assert.rejects(inspect(file), problem('schema'));
});
