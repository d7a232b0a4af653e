import assert from 'node:assert/strict';
import { extendBrake, releaseBrake } from '@postern/server/brakes/act';
import { readCandidate } from '@postern/server/brakes/candidates';
import { listBrakes, readBrake } from '@postern/server/brakes/view';
import { forgetFlips, watchBrakes } from '@postern/server/brakes/watch';
import { readRulebook } from '@postern/server/policy/index';
import { systemRandom } from '@postern/server/random';
import { deleteAny, insert, updateOne } from '@postern/server/storage/change';
import { ConflictError, type Store } from '@postern/server/storage/store';
import { brakeDetailSchema } from '@postern/shared/protocol/brake';
import { Fault } from '@postern/shared/protocol/errors';
import { day, hour, minute } from '@postern/shared/time';
import { onBothStores } from './both-stores.ts';
import { device, user } from './records.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const brake = { devices: 5, sharePercent: 20, windowMs: 15 * minute, holdMs: day };
const build = '24A335';
const before = { status: 'ok', value: true, method: 'test', privilege: 'user', collectedAt: '2026-11-21T11:00:00Z' };
const id = (prefix: string, number: number) => `${prefix}_${String(number).padStart(32, '0')}`;

/** Devices of different people, of which some turned a minute ago. */
async function fleet(store: Store, { count = 8, turned = 5, states = [] as string[] } = {}) {
  for (let number = 1; number <= count; number += 1) {
    const deviceId = id('dev', number);
    const hasTurned = number <= turned;
    await store.commit({
      changes: [
        user(id('usr', number)),
        stateOf(device(deviceId, id('usr', number)), states[number - 1]),
        insert('evidence', { device_id: deviceId, seq: 1, hash: 'h', received_at: now - minute }),
        insert('postures', {
          device_id: deviceId,
          seq: 1,
          readings: '{}',
          readings_hash: 'h',
          failing_since: '{}',
          hardware_hash: null,
          changed_at: now,
          flips: JSON.stringify(hasTurned ? { firewall: { at: now - minute, before } } : {}),
          os_build: build,
        }),
        ...(hasTurned ? [flip(number, now - minute)] : []),
      ],
      audit: [],
    });
  }
}

function flip(number: number, at: number) {
  return insert('check_flips', {
    check_id: 'firewall',
    platform: 'linux',
    os_build: build,
    device_id: id('dev', number),
    at,
  });
}

function stateOf(change: ReturnType<typeof device>, state: string | undefined) {
  return change.kind === 'insert' && state !== undefined ? { ...change, row: { ...change.row, state } } : change;
}

function node(store: Store) {
  const said: unknown[] = [];
  const gauge: number[] = [];
  const log = { warn: (...words: unknown[]) => void said.push(words) } as never;
  const metrics = { brakesHolding: (count: number) => void gauge.push(count) };
  const deps = { store, random: systemRandom, log, metrics, config: { brake } };
  return { said, gauge, watch: (at = now) => watchBrakes(deps, at) };
}

const audited = async ({ read }: Store) =>
  (await read.selectFrom('audit').select('type').where('type', 'like', 'brake.%').orderBy('seq').execute()).map(
    ({ type }) => type,
  );

const outcome = (work: Promise<void>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Fault ? error.code : assert.fail(String(error))),
  );

onBothStores('of several nodes that notice at once, one opens the brake and tells of it', async (_t, database) => {
  const store = await database.open();
  await fleet(store);
  const nodes = [node(store), node(await database.open()), node(store)];
  await Promise.all(nodes.map(({ watch }) => watch()));
  for (const { watch } of nodes) await watch();
  const { items } = await listBrakes(store.read, { limit: 10 }, now);
  assert.deepEqual(
    items.map(({ state, devices, devicesOfBuild }) => [state, devices, devicesOfBuild]),
    [['holding', 5, 8]],
  );
  assert.deepEqual(await audited(store), ['brake.opened']);
  assert.equal(nodes.flatMap(({ said }) => said).length, 1);
  assert.ok(nodes.every(({ gauge }) => gauge.at(-1) === 1));
  const { brakes } = await readRulebook(store);
  assert.deepEqual(brakes, [
    { id: items[0]?.id, check: 'firewall', platform: 'linux', build, flipsSince: now - minute, endsAt: now + day },
  ]);
});

onBothStores('the database itself lets nobody hold one check on one build twice', async (_t, database) => {
  const store = await database.open();
  await fleet(store);
  await node(store).watch();
  const row = await store.read.selectFrom('brakes').selectAll().executeTakeFirstOrThrow();
  const again = insert('brakes', { ...row, id: id('brk', 2) });
  await assert.rejects(store.commit({ changes: [again], audit: [] }), ConflictError);
});

onBothStores('a device that turned more than once is one device', async (_t, database) => {
  const store = await database.open();
  await fleet(store, { turned: 4 });
  await store.commit({ changes: [flip(1, now - 2 * minute), flip(2, now - 3 * minute)], audit: [] });
  await node(store).watch();
  assert.deepEqual((await listBrakes(store.read, { limit: 10 }, now)).items, []);
  await store.commit({
    changes: [
      flip(5, now - minute),
      updateOne(
        'postures',
        { device_id: id('dev', 5) },
        { flips: JSON.stringify({ firewall: { at: now - minute, before } }) },
      ),
    ],
    audit: [],
  });
  await node(store).watch();
  const [opened] = (await listBrakes(store.read, { limit: 10 }, now)).items;
  assert.equal(opened?.devices, 5);
  const shown = await readBrake(store.read, opened.id, now);
  assert.equal(shown?.affectedTotal, 5);
  assert.equal(new Set(shown.affected.map((device) => device.id)).size, shown.affected.length);
});

onBothStores('half a fleet that turned is counted whole, and requests go first meanwhile', async (_t, database) => {
  const store = await database.open();
  await fleet(store, { count: 1100, turned: 1100 });
  const { read } = store;
  let others = 0;
  const tick = () => {
    others += 1;
    request = setImmediate(tick);
  };
  let request = setImmediate(tick);
  const place = { check: 'firewall', platform: 'linux', build } as const;
  const { turned, devicesOfBuild } = await readCandidate(read, place, brake, now);
  clearImmediate(request);
  assert.equal(new Set(turned.map(({ deviceId }) => deviceId)).size, 1100);
  assert.equal(turned.length, 1100);
  assert.equal(devicesOfBuild, 1100);
  assert.ok(others >= 2, `${others} others in between`);
});

onBothStores('devices that are suspended, or turned back, do not count', async (_t, database) => {
  const store = await database.open();
  await fleet(store, { turned: 4, states: ['active', 'suspended'] });
  // They turned, and pass again: there is a row, and nothing in the posture.
  await store.commit({ changes: [flip(7, now - minute), flip(8, now - minute)], audit: [] });
  await node(store).watch();
  assert.deepEqual((await listBrakes(store.read, { limit: 10 }, now)).items, []);
});

onBothStores('of an admin who releases and one who extends at the same instant, one decides', async (_t, database) => {
  const store = await database.open();
  await fleet(store);
  await node(store).watch();
  const [held] = (await listBrakes(store.read, { limit: 10 }, now)).items;
  assert.ok(held);
  const [ada, bob] = [id('usr', 1), id('usr', 2)];
  const outcomes = await Promise.all([
    outcome(releaseBrake({ store }, held.id, { actor: { kind: 'person', id: ada }, reason: 'it is off' }, now)),
    outcome(
      extendBrake(
        { store },
        held.id,
        { actor: { kind: 'person', id: bob }, reason: 'ask Apple', until: now + 2 * day },
        now,
      ),
    ),
    outcome(releaseBrake({ store }, held.id, { actor: { kind: 'person', id: bob }, reason: 'it is off' }, now)),
  ]);
  assert.equal(outcomes.filter((each) => each === 'done').length, 1, outcomes.join());
  assert.ok(
    outcomes.every((each) => ['done', 'conflict', 'brake_ended'].includes(each)),
    outcomes.join(),
  );
  assert.equal((await audited(store)).length, 2);
});

onBothStores(
  'what was decided is not opened again by what was seen then, and is by what comes after',
  async (_t, database) => {
    const store = await database.open();
    await fleet(store);
    const { watch, gauge } = node(store);
    await watch();
    const [first] = (await listBrakes(store.read, { limit: 10 }, now)).items;
    assert.ok(first);
    await releaseBrake({ store }, first.id, { actor: { kind: 'person', id: id('usr', 1) }, reason: 'it is off' }, now);
    assert.equal(gauge.at(-1), 1);
    await watch(now + minute);
    assert.equal(gauge.at(-1), 0);
    const later = now + 2 * minute;
    for (let number = 1; number <= 5; number += 1) {
      const where = { device_id: id('dev', number) };
      await store.commit({
        changes: [
          deleteAny('check_flips', where),
          flip(number, later),
          updateOne('postures', where, { flips: JSON.stringify({ firewall: { at: later, before } }) }),
        ],
        audit: [],
      });
    }
    await watch(later + minute);
    assert.deepEqual(
      (await listBrakes(store.read, { limit: 10 }, later + minute)).items.map(({ state }) => state),
      ['holding', 'released'],
    );
    const page = await listBrakes(store.read, { limit: 1 }, later);
    assert.equal(page.next, page.items[0]?.id);
    const rest = await listBrakes(store.read, { limit: 1, after: page.next ?? '' }, later);
    assert.deepEqual([rest.items[0]?.id, rest.next], [first.id, null]);
  },
);

onBothStores(
  'one that nobody decides is over at its end, announced once, and shows its devices still',
  async (_t, database) => {
    const store = await database.open();
    await fleet(store);
    const nodes = [node(store), node(store)];
    await nodes[0]?.watch();
    const [{ id: brakeId } = assert.fail()] = (await listBrakes(store.read, { limit: 10 }, now)).items;
    const end = now + day;
    const seen = brakeDetailSchema.parse(await readBrake(store.read, brakeId, end - 1));
    assert.deepEqual([seen.state, seen.affectedTotal, seen.affected[0]?.held], ['holding', 5, true]);
    assert.deepEqual(seen.affected[0]?.before, before);
    assert.equal((await readBrake(store.read, brakeId, end))?.state, 'expired', 'before anybody announced it');
    const late = outcome(
      releaseBrake({ store }, brakeId, { actor: { kind: 'person', id: id('usr', 1) }, reason: 'late' }, end),
    );
    assert.equal(await late, 'brake_ended');
    await Promise.all(nodes.map(({ watch }) => watch(end)));
    await forgetFlips({ store }, end + hour);
    assert.deepEqual(await audited(store), ['brake.opened', 'brake.expired']);
    assert.deepEqual((await readRulebook(store)).brakes, []);
    const past = await readBrake(store.read, brakeId, end + hour);
    assert.deepEqual([past?.state, past?.affectedTotal, past?.affected[0]?.held], ['expired', 5, false]);
    await forgetFlips({ store }, end + 31 * day);
    assert.equal((await readBrake(store.read, brakeId, end + 31 * day))?.affectedTotal, 0);
  },
);
