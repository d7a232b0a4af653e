import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { propertyRuns } from '@postern/shared/testing/property-runs';
import { deviceQuery } from '../devices/index.ts';
import { resourceEpoch } from '../gateways/index.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import { factTables } from '../storage/fact-writes.ts';
import type { Store } from '../storage/store.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import type { FakeDevice } from './testing/fake-device.ts';
import { gatewayId, ownerId, resource, start, startTokenService } from './testing/token-service.ts';

/** What tokens depend on, and one thing that may become of it. */
interface World {
  state: 'active' | 'suspended';
  quarantined: boolean;
  ownerActive: boolean;
  firewall: boolean;
  gateways: number;
}
type Step = { what: keyof World; where: 'here' | 'elsewhere'; when: 'before' | 'during' };

const step = fc.record<Step>({
  what: fc.constantFrom('state', 'quarantined', 'ownerActive', 'firewall', 'gateways'),
  where: fc.constantFrom('here', 'elsewhere'),
  when: fc.constantFrom('before', 'during'),
});

describe('facts that were kept for the next token', () => {
  it('never say anything else than what is stored when the token is, whoever wrote it, whenever', async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const { here, elsewhere, during, service } = await prepare(t);
        const device = await service.enrol();
        const world: World = { state: 'active', quarantined: false, ownerActive: true, firewall: true, gateways: 1 };
        assert.equal((await service.askToken(device)).status, 200);
        for (const { what, where, when } of steps) {
          const changes = turn(world, what, device);
          const write = () => (where === 'here' ? here : elsewhere).commit({ changes, audit: [] });
          if (when === 'before') await write();
          else during(write);
          const { code } = await service.askToken(device);
          // A refusal commits no token: what was to come meanwhile comes now.
          await during(undefined);
          if (when === 'before') assert.equal(code, expected(world));
          assert.equal((await service.askToken(device)).code, expected(world));
        }
      }),
      propertyRuns(8),
    );
  });

  it('are not used up for a token that is made in the instant after a suspension', async (t) => {
    for (const where of ['here', 'elsewhere'] as const) {
      const scene = await prepare(t);
      const device = await scene.service.enrol();
      await scene.service.askToken(device);
      const suspend = [updateOne('devices', { id: device.id }, { state: 'suspended' })];
      scene.during(() => scene[where].commit({ changes: suspend, audit: [] }));
      assert.equal((await scene.service.askToken(device)).code, 'device_suspended', where);
      const types = await scene.service.auditTypes();
      assert.deepEqual(types.slice(-2), ['token.issued', 'token.refused device_suspended'], where);
    }
  });

  it('cost no read while nothing is written but tokens, and one after anything else', async (t) => {
    const { here, elsewhere, service } = await prepare(t);
    const device = await service.enrol();
    const other = await service.enrol();
    const reads = async () => {
      const before = here.roundTrips().reads;
      assert.equal((await service.askToken(device)).status, 200);
      return here.roundTrips().reads - before;
    };
    await reads();
    assert.equal(await reads(), 0);
    await here.commit({ changes: [updateOne('devices', { id: other.id }, { name: 'other' })], audit: [] });
    assert.equal(await reads(), 0, 'of another device');
    await here.commit({ changes: [updateOne('devices', { id: device.id }, { name: 'mine' })], audit: [] });
    assert.equal(await reads(), 1, 'of this one');
    await here.commit({ changes: [updateOne('users', { id: ownerId }, { name: 'Ada L.' })], audit: [] });
    assert.equal(await reads(), 1, 'of its owner');
    await elsewhere.commit({ changes: [insert('meta', { key: 'x', value: 'y' })], audit: [] });
    assert.equal(await reads(), 1, 'anything by another process');
    assert.equal(await reads(), 0);
  });

  it('are not kept of a device for who does not hold its key', async (t) => {
    const { here, service } = await prepare(t);
    const [device, other] = [await service.enrol(), await service.enrol()];
    await service.askToken(device);
    const before = here.roundTrips().reads;
    const assertion = await device.assertion('https://trust.example', start);
    assert.equal((await service.askToken(other, { assertion })).code, 'proof_other_key');
    assert.equal(here.roundTrips().reads - before, 1);
  });

  it('come from no table whose writes are not noticed', async (t) => {
    const { read } = await openTestStore(t);
    const { sql } = deviceQuery(read).select(resourceEpoch.as('resource_epoch')).compile();
    const tables = [...sql.matchAll(/\b(?:from|join) "?(\w+)"?/g)].map(([, table]) => table ?? '');
    assert.deepEqual([...new Set(tables)].toSorted(), [...factTables.keys()].toSorted());
  });
});

/** A server, what another process writes by, and how to write when a token is made and not yet committed. */
async function prepare(t: TestContext) {
  const here = await openTestStore(t);
  const elsewhere = await openTestStore(t, { databaseUrl: here.databaseUrl });
  let pending: (() => Promise<void>) | undefined;
  const during = async (work: (() => Promise<void>) | undefined): Promise<void> => {
    const before = pending;
    pending = work;
    if (work === undefined) await before?.();
  };
  const store: Store = {
    ...here,
    async commit(unit) {
      const work = unit.changes.some(({ table }) => table === 'access_tokens') ? pending : undefined;
      if (work !== undefined) pending = undefined;
      await work?.();
      await here.commit(unit);
    },
  };
  return { here, elsewhere, during, service: await startTokenService(t, store) };
}

function turn(world: World, what: keyof World, device: FakeDevice): Change[] {
  switch (what) {
    case 'state':
      world.state = world.state === 'active' ? 'suspended' : 'active';
      return [updateOne('devices', { id: device.id }, { state: world.state })];
    case 'quarantined':
      world.quarantined = !world.quarantined;
      const [cause, at] = world.quarantined ? ['moved', start] : [null, null];
      return [updateOne('devices', { id: device.id }, { quarantine_cause: cause, quarantined_at: at })];
    case 'ownerActive':
      world.ownerActive = !world.ownerActive;
      return [updateOne('users', { id: ownerId }, { active: world.ownerActive ? 1 : 0 })];
    case 'firewall':
      world.firewall = !world.firewall;
      return [updateOne('postures', { device_id: device.id }, { readings: readings(world.firewall) })];
    case 'gateways':
      return nextGateway(world);
  }
}

/** Removes the last gateway where there is one, and adds another where there is none. */
function nextGateway(world: World): Change[] {
  const number = Math.abs(world.gateways);
  const id = number === 1 ? gatewayId : `gw_${String(number).padStart(32, '0')}`;
  if (world.gateways > 0) {
    world.gateways = -number;
    return [updateOne('gateways', { id }, { removed_at: start })];
  }
  world.gateways = number + 1;
  const row = { name: 'App', secret_hash: 's', resources: JSON.stringify([resource]), created_at: start };
  return [insert('gateways', { ...row, id: `gw_${String(number + 1).padStart(32, '0')}`, removed_at: null })];
}

function readings(enabled: boolean): string {
  const value = { enabled, provider: 'nftables' };
  const collectedAt = new Date(start - 60_000).toISOString();
  return JSON.stringify({ firewall: { status: 'ok', value, method: 'nft', privilege: 'root', collectedAt } });
}

/** Undefined: a token. A failing firewall may be fixed for a day: that too is one. */
function expected({ state, quarantined, ownerActive, gateways }: World): string | undefined {
  if (gateways < 0) return 'resource_unknown';
  if (state === 'suspended') return 'device_suspended';
  if (quarantined) return 'device_quarantined';
  return ownerActive ? undefined : 'owner_inactive';
}
