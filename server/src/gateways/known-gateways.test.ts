import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { insert, updateOne } from '../storage/change.ts';
import type { Store } from '../storage/store.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { createKnownGateways } from './known-gateways.ts';
import { resourceEpoch } from './resources.ts';

const isRefused = (error: unknown) => error instanceof Fault && error.code === 'client_authentication_failed';

async function open(t: TestContext) {
  const store = await openTestStore(t);
  await add(store, 'gw_1');
  return { store, gateways: createKnownGateways(store) };
}

async function add(store: Store, id: string): Promise<void> {
  const row = {
    name: id,
    secret_hash: sha256(`${id} secret`),
    resources: '["https://a"]',
    created_at: 1,
    removed_at: null,
  };
  await store.commit({ audit: [], changes: [insert('gateways', { id, ...row })] });
}

const remove = (store: Store, id: string) =>
  store.commit({ audit: [], changes: [updateOne('gateways', { id }, { removed_at: 2 })] });

const epochOf = async (store: Store) =>
  (await store.read.selectNoFrom(resourceEpoch.as('epoch')).executeTakeFirstOrThrow()).epoch;

describe('a gateway that is known', () => {
  it('is recognised and confirmed without a read of its own', async (t) => {
    const { store, gateways } = await open(t);
    await gateways.recognise({ id: 'gw_1', secret: 'gw_1 secret' });
    const epoch = await epochOf(store);
    const before = store.roundTrips().reads;
    const recognised = await gateways.recognise({ id: 'gw_1', secret: 'gw_1 secret' });
    await gateways.confirm(recognised, epoch);
    assert.deepEqual(recognised.resources, ['https://a']);
    assert.equal(store.roundTrips().reads, before);
  });

  it('is refused with another secret, the hash of its secret, none, and as another gateway', async (t) => {
    const { store, gateways } = await open(t);
    await add(store, 'gw_2');
    for (const secret of ['', 'wrong', sha256('gw_1 secret'), 'gw_2 secret'])
      await assert.rejects(gateways.recognise({ id: 'gw_1', secret }), isRefused);
    await assert.rejects(gateways.recognise({ id: 'gw_3', secret: 'gw_3 secret' }), isRefused);
    await assert.rejects(gateways.recognise(undefined), isRefused);
  });

  it('is not confirmed once it was removed, whether the epoch was read with something else or not', async (t) => {
    const { store, gateways } = await open(t);
    for (const read of [true, false]) {
      const id = `gw_${String(read)}`;
      await add(store, id);
      const recognised = await gateways.recognise({ id, secret: `${id} secret` });
      await remove(store, id);
      await assert.rejects(gateways.confirm(recognised, read ? await epochOf(store) : null), isRefused);
      await assert.rejects(gateways.recognise({ id, secret: `${id} secret` }), isRefused);
    }
  });

  it('stays confirmed when another one came or went', async (t) => {
    const { store, gateways } = await open(t);
    const recognised = await gateways.recognise({ id: 'gw_1', secret: 'gw_1 secret' });
    await add(store, 'gw_2');
    await gateways.confirm(recognised, await epochOf(store));
    await remove(store, 'gw_2');
    await gateways.confirm(recognised, null);
  });
});
