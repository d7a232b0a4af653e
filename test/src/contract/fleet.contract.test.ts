import assert from 'node:assert/strict';
import { readAtStake } from '@postern/server/devices/at-stake';
import { facetsOf } from '@postern/server/devices/facets';
import { countFleet, countOwned } from '@postern/server/devices/fleet-count';
import { deviceHistory } from '@postern/server/devices/history';
import { listDevices } from '@postern/server/devices/list';
import { createCurrentPolicies, defaultPolicy, publishPolicy } from '@postern/server/policy/index';
import { reassess } from '@postern/server/signals/reassess';
import type { Store } from '@postern/server/storage/store';
import { fleetStatuses } from '@postern/shared/protocol/fleet';
import { rowsOf } from '../bench/replay-fleet.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { onBothStores } from './both-stores.ts';

const now = Date.UTC(2026, 10, 21, 9);
const fleet = 60;

async function fill(store: Store) {
  const random = seededRandom(7);
  for (let number = 0; number < fleet; number += 1)
    await store.commit({ changes: rowsOf(number, random, now), audit: [] });
  await publishPolicy(store, defaultPolicy(), { kind: 'system', id: null }, now);
  const deps = { store, policies: createCurrentPolicies(store) };
  const ids = await store.read.selectFrom('devices').select('id').execute();
  const { changes } = await reassess(deps, [], new Map(ids.map(({ id }) => [id, null])), now);
  await store.commit({ changes, audit: [] });
  return deps;
}

onBothStores('lists of devices and their counts agree, whatever they are narrowed by', async (_t, database) => {
  const store = await database.open();
  const deps = await fill(store);
  const cells = await countFleet(store.read);
  const filters = [
    {},
    ...fleetStatuses.map((status) => ({ status })),
    { platform: 'linux', ownership: 'corporate' },
    { platform: 'windows', status: 'grace', quarantine: 'no' },
    { state: 'suspended' },
    { keyProtection: 'software', quarantine: 'yes' },
  ] as const;
  for (const filter of filters) {
    const { items, next } = await listDevices(deps, { ...filter, limit: 500 }, now);
    assert.equal(next, null);
    assert.equal(facetsOf(cells, filter, now).total, items.length, JSON.stringify(filter));
  }
  assert.equal(facetsOf(cells, {}, now).total, fleet);

  const [some] = (await listDevices(deps, { limit: 500 }, now)).items;
  assert.ok(some);
  const found = async (q: string) => (await listDevices(deps, { q, limit: 500 }, now)).items.map(({ id }) => id);
  assert.deepEqual(await found('PERSON-59@'), [some.id]);
  assert.deepEqual(await found(some.id), [some.id]);
  assert.deepEqual(await found('100%'), []);
  const own = facetsOf(await countOwned(store.read, some.owner.id), {}, now);
  assert.equal(own.total, 1);
});

onBothStores('what is at stake and the history of a device are read alike', async (_t, database) => {
  const store = await database.open();
  const deps = await fill(store);
  const [some] = (await listDevices(deps, { limit: 1 }, now)).items;
  assert.ok(some);
  const nothing = { exceptions: 0, requests: 0, tokens: 0, moreTokens: false, liveTokens: 0 };
  assert.deepEqual(await readAtStake(store.read, some.id, now), nothing);
  assert.deepEqual(await deviceHistory(store.read, some.id, { limit: 5 }), { items: [], next: null });
});
