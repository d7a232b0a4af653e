import assert from 'node:assert/strict';
import test from 'node:test';
import { insert, updateAny, updateOne } from '../change.ts';
import { FactWrites, whoseFacts } from '../fact-writes.ts';
import { StaleError, type Unit } from '../store.ts';
import { openTestStore } from '../testing/test-store.ts';

const unit = (key: string, more: Partial<Unit> = {}): Unit => ({
  changes: [insert('replays', { key, expires_at: 1 })],
  audit: [],
  ...more,
});

test('a unit that was decided by what has changed is refused, and costs the others of its transaction nothing', async (t) => {
  const store = await openTestStore(t);
  const asOf = store.keeping?.now() ?? -1;
  const basis = { of: ['dev_a'], asOf };
  const touch = { changes: [updateAny('devices', { id: 'dev_a' }, { name: 'new' })], audit: [] };
  const results = await Promise.allSettled([
    store.commit(unit('before', { basis })),
    store.commit(touch),
    store.commit(unit('after', { basis })),
    store.commit(unit('of another', { basis: { of: ['dev_b'], asOf } })),
    store.commit(unit('of nothing')),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
  assert.ok(results[2]?.status === 'rejected' && results[2].reason instanceof StaleError);
  const rows = await store.read.selectFrom('replays').select('key').orderBy('key').execute();
  assert.deepEqual(
    rows.map(({ key }) => key),
    ['before', 'of another', 'of nothing'],
  );
  assert.equal(store.keeping?.stands(basis), false);
});

test('also where another unit of the transaction fails, and the rest is written once more', async (t) => {
  const store = await openTestStore(t);
  await store.commit(unit('taken'));
  const basis = { of: ['dev_a'], asOf: store.keeping?.now() ?? -1 };
  const results = await Promise.allSettled([
    store.commit({ changes: [updateAny('devices', { id: 'dev_a' }, { name: 'new' })], audit: [] }),
    store.commit(unit('taken')),
    store.commit(unit('after', { basis })),
  ]);
  assert.deepEqual(
    results.map((result) => (result.status === 'rejected' ? (result.reason as Error).name : 'written')),
    ['written', 'ConflictError', 'StaleError'],
  );
});

test('what another process commits counts as a change of everything, what this one does not', async (t) => {
  const [here, elsewhere] = await openTwice(t);
  const basis = { of: ['dev_a'], asOf: here.keeping?.now() ?? -1 };
  await here.commit(unit('1', { basis }));
  await here.commit(unit('2', { basis }));
  await elsewhere.commit(unit('3'));
  await assert.rejects(here.commit(unit('4', { basis })), StaleError);
  await here.commit(unit('4', { basis: { ...basis, asOf: here.keeping?.now() ?? -1 } }));
});

async function openTwice(t: Parameters<typeof openTestStore>[0]) {
  const here = await openTestStore(t);
  return [here, await openTestStore(t, { databaseUrl: here.databaseUrl })] as const;
}

test('a guard changes nothing, and of meta only the epoch of policies counts', () => {
  assert.equal(whoseFacts(updateOne('exceptions', { id: 'e', state: 'active' }, { state: 'active' })), undefined);
  assert.equal(whoseFacts(updateOne('exceptions', { id: 'e', state: 'active' }, { state: 'ended' })), null);
  assert.equal(whoseFacts(updateOne('evidence', { device_id: 'd', seq: 1 }, { seq: 2 })), 'd');
  assert.equal(whoseFacts(updateOne('meta', { key: 'webhook_cursor' }, { value: '1' })), undefined);
  assert.equal(whoseFacts(updateOne('meta', { key: 'policy_epoch', value: '1' }, { value: '2' })), null);
  assert.equal(whoseFacts(updateAny('gateways', { id: 'g' }, { removed_at: 1 })), null);
});

test('of more than can be remembered, the next counts as a change of everything', () => {
  const writes = new FactWrites();
  writes.add('first');
  for (let count = 0; count < 50_000; count += 1) writes.add(`dev_${count}`);
  assert.equal(writes.stands({ of: ['never written'], asOf: 0 }), false);
  assert.equal(writes.stands({ of: ['dev_1'], asOf: writes.last }), true);
});
