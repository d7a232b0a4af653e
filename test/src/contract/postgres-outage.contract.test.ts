import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { faultOf } from '@postern/server/http/errors';
import { createLog } from '@postern/server/log';
import { migrate, openStore } from '@postern/server/storage/open-store';
import type { Store } from '@postern/server/storage/store';
import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import pg from 'pg';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { event, newDatabase } from './both-stores.ts';
import { replay } from './records.ts';

const timeouts = { readMs: 400, writeMs: 600, lockMs: 200 };
/** Far more than the timeouts, far less than for ever. */
const patience = { timeout: 30_000 };

const log = createLog('silent');
const put = (store: Store, key: string) => store.commit({ changes: [replay(key)], audit: [event({ key })] });
const keysOf = async (store: Store) =>
  (await store.read.selectFrom('replays').select('key').orderBy('key').execute()).map(({ key }) => key);

/** What a caller would be answered. */
async function answerOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => assert.fail('it went through'),
    (reason: unknown) => reason,
  );
  const fault = faultOf(error, log, 'request-1');
  return { status: fault.status, retryAfter: fault.headers['Retry-After'], text: JSON.stringify(toErrorAnswer(fault)) };
}

/** Another session, as an operator, a migration or a restore would have. */
async function session(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  return client;
}

async function migrated(t: TestContext): Promise<string | undefined> {
  const url = await newDatabase(t, 'postgres');
  if (url !== undefined) await migrate(url);
  return url;
}

async function open(t: TestContext, url: string): Promise<Store> {
  const store = await openStore(url, { timeouts });
  t.after(() => store.close());
  return store;
}

for (const table of ['replays', 'audit']) {
  test(`while somebody locks ${table}, a commit is refused as unavailable within its time`, patience, async (t) => {
    const url = await migrated(t);
    if (url === undefined) return;
    const store = await open(t, url);
    await put(store, 'before');
    const other = await session(t, url);
    await other.query(`begin; lock table ${table} in access exclusive mode`);
    const commits = ['a', 'b', 'c'].map((key) => answerOf(put(store, key)));
    for (const { status, retryAfter, text } of await Promise.all(commits)) {
      assert.deepEqual([status, retryAfter], [503, '5'], text);
      assert.doesNotMatch(text, /not known|nothing was changed/, 'it is known: nothing was written');
    }
    const { status, text } = await answerOf(keysOf(store).then(() => store.check()));
    assert.equal(status, 503, text);
    await other.query('rollback');
    await put(store, 'after');
    assert.deepEqual(await keysOf(store), ['after', 'before']);
  });
}

test('a server that stops to answer holds nobody up for longer than the timeouts', patience, async (t) => {
  const url = await migrated(t);
  if (url === undefined) return;
  const address = new URL(url);
  const proxy = await startTcpProxy(t, Number(address.port));
  address.port = String(proxy.port);
  const store = await open(t, address.href);
  await put(store, 'before');
  await keysOf(store);
  proxy.block();
  const [write, read] = await Promise.all([answerOf(put(store, 'during')), answerOf(keysOf(store))]);
  assert.deepEqual([write.status, write.retryAfter, read.status], [503, '5', 503]);
  assert.match(write.text, /whether it took effect is not known/);
  assert.doesNotMatch(read.text, /not known/, 'a read has no effect');
  await proxy.restore();
  await put(store, 'after');
  const keys = await keysOf(store);
  assert.ok(keys.includes('before') && keys.includes('after'));
});

test(
  'a server that is gone is unavailable for reads and writes, and not for longer than it is gone',
  patience,
  async (t) => {
    const url = await migrated(t);
    if (url === undefined) return;
    const address = new URL(url);
    const proxy = await startTcpProxy(t, Number(address.port));
    address.port = String(proxy.port);
    const store = await open(t, address.href);
    await put(store, 'before');
    await proxy.cut();
    // The first of each finds its connection cut, the second cannot make a new one.
    for (const when of ['cut', 'refused']) {
      const [write, read] = await Promise.all([answerOf(put(store, when)), answerOf(keysOf(store))]);
      assert.deepEqual([write.status, read.status], [503, 503], `${when}: ${write.text} ${read.text}`);
      if (when === 'refused') assert.doesNotMatch(write.text, /not known/, 'it never reached the server');
    }
    await proxy.restore();
    await put(store, 'after');
    assert.deepEqual(await keysOf(store), ['after', 'before']);
  },
);

test('a connection that an operator ends costs what was under way, as unavailable', patience, async (t) => {
  const url = await migrated(t);
  if (url === undefined) return;
  const store = await open(t, url);
  const other = await session(t, url);
  await other.query('begin; lock table replays in access exclusive mode');
  const commit = answerOf(put(store, 'during'));
  const read = answerOf(keysOf(store));
  // Both wait for the lock now, or will be refused for it: unavailable either way.
  await other.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  assert.deepEqual([(await commit).status, (await read).status], [503, 503]);
  await other.query('rollback');
  for (let probe = 1; probe <= 20; probe += 1) await put(store, `p${probe}`).catch(() => undefined);
  await put(store, 'after');
});
