import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import type { Config } from '@postern/server/config';
import { readDeviceFacts, standingOf } from '@postern/server/devices/index';
import type { PersonCaller } from '@postern/server/http/caller';
import { callRoute, type Sent } from '@postern/server/http/testing/call-route';
import { createCurrentPolicies, defaultPolicy, publishPolicy } from '@postern/server/policy/index';
import { systemRandom } from '@postern/server/random';
import { minute } from '@postern/shared/time';
import { createReplays, failLeftReplays, replayRoutes } from '@postern/server/replay/index';
import { insert, updateAny } from '@postern/server/storage/change';
import type { PolicyReplay, ReplayedDevice } from '@postern/shared/protocol/policy-replay';
import { putDevices } from '../bench/replay-fleet.ts';
import { onBothStores, type TestDatabase } from './both-stores.ts';

const now = Date.parse('2026-11-23T09:00:00Z');
const system = { kind: 'system', id: null } as const;
const ada: PersonCaller = {
  kind: 'person',
  id: 'usr_ada',
  name: 'Ada',
  roles: ['admin'],
  via: 'session',
  authenticatedAt: now,
};
const current = `${defaultPolicy()}# in force\n`;
const draft = defaultPolicy()
  .replace('value.enabled && value.delaySeconds <= 900', 'value.enabled && value.delaySeconds <= 300')
  .replaceAll('time_to_fix: 3d', 'time_to_fix: 0s');

async function openDesk(t: TestContext, database: TestDatabase) {
  const store = await database.open();
  await publishPolicy(store, current, system, now);
  const config = { databaseUrl: database.url, identifiers: 'plain' } as Config;
  const deps = {
    store,
    config,
    clock: { now: () => now },
    random: systemRandom,
    log: pino({ level: process.env['POSTERN_TEST_LOG'] ?? 'silent' }),
  };
  const replays = createReplays(deps);
  t.after(() => replays.stop());
  const routes = replayRoutes({ store, replays });
  const call = async <Body>(method: 'GET' | 'POST', path: string, sent: Sent = {}) =>
    await callRoute<Body>(routes, { method, path: `/v1/admin/policy-replays${path}`, now }, { as: ada, ...sent });
  async function ended(id: string): Promise<PolicyReplay> {
    for (;;) {
      const { body } = await call<PolicyReplay>('GET', `/${id}`);
      if (body.state !== 'running') return body;
      await wait(5);
    }
  }
  async function replay(document: string): Promise<PolicyReplay> {
    const { status, body, code } = await call<PolicyReplay>('POST', '', { body: { document } });
    assert.equal(status, 202, code);
    return await ended(body.id);
  }
  async function audited() {
    const rows = await store.read.selectFrom('audit').select('entry').where('type', '=', 'policy.replayed').execute();
    return rows.map(({ entry }) => (JSON.parse(entry) as { data: Record<string, unknown> }).data);
  }
  return { store, replays, call, ended, replay, audited };
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

async function everyReplayed({ call }: Desk, id: string, change?: string): Promise<ReplayedDevice[]> {
  const items: ReplayedDevice[] = [];
  for (let after: string | undefined; ;) {
    const query = {
      limit: '200',
      ...(after === undefined ? {} : { after }),
      ...(change === undefined ? {} : { change }),
    };
    const { body } = await call<{ items: ReplayedDevice[]; next: string | null }>('GET', `/${id}/devices`, { query });
    items.push(...body.items);
    if (body.next === null) return items;
    after = body.next;
  }
}

onBothStores(
  'a fleet is replayed over several pages, and what it says of each device is what publishing does',
  async (t, database) => {
    const desk = await openDesk(t, database);
    const { store } = desk;
    await putDevices(database.url, 1200, now);
    const { state, summary, devicesDone, devicesTotal } = await desk.replay(draft);
    assert.equal(state, 'done');
    assert.ok(summary);
    const { items } = (await desk.call<{ items: PolicyReplay[] }>('GET', '')).body;
    const changed = await everyReplayed(desk, items[0]?.id ?? '');
    const blocked = changed.filter(({ change }) => change === 'newly-blocked');
    assert.equal(blocked.length, summary.newlyBlocked.atOnce + summary.newlyBlocked.atDeadline);
    assert.ok(
      summary.newlyBlocked.atOnce > 50 && summary.newlyBlocked.atDeadline > 50,
      JSON.stringify(summary.newlyBlocked),
    );
    assert.equal((await everyReplayed(desk, items[0]?.id ?? '', 'newly-blocked')).length, blocked.length);

    const policies = createCurrentPolicies(store);
    const standings = async () => {
      const ids = await store.read.selectFrom('devices').select(['id', 'state', 'quarantine_cause']).execute();
      const statuses = new Map<string, string | undefined>();
      for (const { id } of ids) {
        const facts = await readDeviceFacts(store.read, { id });
        assert.ok(facts);
        statuses.set(id, standingOf(facts, await policies.at(facts.policyEpoch), null, now)?.verdict.status);
      }
      return { ids, statuses };
    };
    const before = await standings();
    await publishPolicy(store, draft, system, now);
    const after = await standings();
    const foretold = new Map(blocked.map(({ device, blockedAt }) => [device.id as string, blockedAt]));
    let judged = 0;
    for (const { id, state: deviceState, quarantine_cause: cause } of before.ids) {
      if (deviceState !== 'active' || cause !== null) {
        assert.equal(foretold.has(id), false, 'only active devices that are not in quarantine are judged');
        continue;
      }
      judged += 1;
      const isNew = before.statuses.get(id) !== 'non-compliant' && after.statuses.get(id) === 'non-compliant';
      const at = foretold.get(id);
      assert.equal(
        at !== undefined && at !== null && Date.parse(at) <= now,
        isNew,
        `${id}: ${before.statuses.get(id)} → ${after.statuses.get(id)}`,
      );
    }
    const active = before.ids.filter((each) => each.state === 'active').length;
    assert.deepEqual(
      [summary.devices.judged, summary.devices.total, devicesDone, devicesTotal],
      [judged, active, active, active],
    );
    assert.deepEqual(await desk.audited(), [
      {
        documentHash: items[0]?.documentHash,
        state: 'done',
        devices: judged,
        atOnce: summary.newlyBlocked.atOnce,
        atDeadline: summary.newlyBlocked.atDeadline,
      },
    ]);
  },
);

onBothStores(
  'pending, suspended, retired, quarantined and silent devices, and those of people who left, are told apart',
  async (t, database) => {
    const desk = await openDesk(t, database);
    const { store } = desk;
    await putDevices(database.url, 40, now);
    const rows = await store.read.selectFrom('devices').selectAll().orderBy('id').execute();
    const [pending, suspended, retired, quarantined, silent, left] = rows;
    assert.ok(pending && suspended && retired && quarantined && silent && left);
    await store.commit({
      changes: [
        ...rows.map(({ id }) =>
          updateAny('devices', { id }, { state: 'active', quarantine_cause: null, quarantined_at: null }),
        ),
        updateAny('devices', { id: pending.id }, { state: 'pending' }),
        updateAny('devices', { id: suspended.id }, { state: 'suspended' }),
        updateAny('devices', { id: retired.id }, { state: 'retired' }),
        updateAny('devices', { id: quarantined.id }, { quarantine_cause: 'forked', quarantined_at: now }),
        updateAny('users', { id: left.owner_id }, { active: 0 }),
        { kind: 'delete', table: 'postures', where: { device_id: silent.id }, expect: 'one' },
        { kind: 'delete', table: 'evidence', where: { device_id: silent.id }, expect: 'one' },
      ],
      audit: [],
    });
    const { summary } = await desk.replay(draft);
    const { total, judged, neverAttested, quarantined: held, ownerInactive } = summary?.devices ?? assert.fail();
    assert.deepEqual(
      { total, judged, neverAttested, held, ownerInactive },
      { total: 37, judged: 34, neverAttested: 1, held: 1, ownerInactive: 1 },
    );
  },
);

onBothStores('one replay runs at a time, and one that is cancelled ends and keeps no summary', async (t, database) => {
  const desk = await openDesk(t, database);
  await putDevices(database.url, 3000, now);
  const first = await desk.call<PolicyReplay>('POST', '', { body: { document: draft } });
  assert.equal((await desk.call('POST', '', { body: { document: draft } })).code, 'replay_running');
  const cancelled = await desk.call<PolicyReplay>('POST', `/${first.body.id}/cancel`);
  assert.deepEqual([cancelled.body.state, cancelled.body.summary], ['cancelled', null]);
  assert.equal((await desk.call('POST', `/${first.body.id}/cancel`)).code, 'replay_ended');
  assert.equal((await desk.call('POST', `/prp_${'0'.repeat(32)}/cancel`)).code, 'not_found');
  await desk.replays.stop();
  const { devicesDone, state } = (await desk.call<PolicyReplay>('GET', `/${first.body.id}`)).body;
  assert.equal(state, 'cancelled');
  assert.ok(devicesDone < 3000);
  assert.deepEqual(
    (await desk.audited()).map(({ state: how }) => how),
    ['cancelled'],
  );
});

onBothStores('a server that stops cancels its replay, and one that died leaves none running', async (t, database) => {
  const desk = await openDesk(t, database);
  await putDevices(database.url, 2000, now);
  const { body } = await desk.call<PolicyReplay>('POST', '', { body: { document: draft } });
  await desk.replays.stop();
  assert.equal((await desk.call<PolicyReplay>('GET', `/${body.id}`)).body.state, 'cancelled');
  await desk.store.commit({ changes: [updateAny('policy_replays', { id: body.id }, { state: 'running' })], audit: [] });
  const readState = async () =>
    (await desk.store.read.selectFrom('policy_replays').select('state').where('id', '=', body.id).executeTakeFirst())
      ?.state;
  const { progress_at: last } = await desk.store.read
    .selectFrom('policy_replays')
    .select('progress_at')
    .where('id', '=', body.id)
    .executeTakeFirstOrThrow();
  await failLeftReplays(desk.store, last + minute - 1);
  assert.equal(await readState(), 'running', 'it may be another node that runs it');
  await failLeftReplays(desk.store, last + minute);
  assert.equal((await desk.call<PolicyReplay>('GET', `/${body.id}`)).body.state, 'failed');
});

onBothStores('twenty replays are kept, the oldest go with their devices', async (t, database) => {
  const desk = await openDesk(t, database);
  const { store } = desk;
  const old = Array.from({ length: 22 }, (_, index) => `prp_${String(index).padStart(32, '0')}`);
  const row = {
    policy: 'baseline',
    document_hash: 'h',
    started_by: 'ada',
    state: 'done',
    devices_total: 0,
    devices_done: 0,
    finished_at: now,
    summary: null,
  };
  const changes = old.flatMap((id, index) => [
    insert('policy_replays', { id, ...row, progress_at: now, started_at: now - 1000 + index }),
    insert('policy_replay_devices', {
      replay_id: id,
      device_id: 'dev_1',
      change: 'freed',
      blocked_at: null,
      detail: '{}',
    }),
  ]);
  await store.commit({ changes, audit: [] });
  const { id } = await desk.replay(draft);
  await desk.replays.stop();
  const { body } = await desk.call<{ items: PolicyReplay[] }>('GET', '');
  assert.deepEqual(
    body.items.map((each) => each.id as string),
    [id, ...old.slice(3).toReversed()],
  );
  const left = await store.read.selectFrom('policy_replay_devices').select('replay_id').orderBy('replay_id').execute();
  assert.deepEqual(
    left.map((each) => each.replay_id),
    old.slice(3),
  );
});

onBothStores('documents that publishing refuses are refused before anything runs', async (t, database) => {
  const { call, store } = await openDesk(t, database);
  const rule = (require: string) =>
    `policy: p\ntitle: P\nrules:\n  - { id: a, title: A, check: firewall, require: ${JSON.stringify(require)}, expected: on }\n`;
  const hostile = [
    'not: [a policy',
    '[['.repeat(5000),
    'a: &a [x]\nb: *c\n',
    rule('value.enabeld'),
    rule('value.provider.matches("(a+)+$")'),
    rule('1 + 1'),
    rule('value.enabled').replace('check: firewall', 'check: nonsense'),
    rule('value.enabled').replace('rules:', 'max_age: 1000000h\nrules:'),
  ];
  for (const document of hostile) {
    const { code } = await call('POST', '', { body: { document } });
    assert.equal(code, 'policy_invalid', document.slice(0, 80));
    await assert.rejects(publishPolicy(store, document, system, now), { code: 'policy_invalid' });
  }
  assert.equal((await call('POST', '', { body: { document: 'x'.repeat(65_537) } })).status, 400);
  assert.equal((await call('POST', '', { body: {} })).status, 400);
  assert.equal((await call('POST', '', { body: { document: draft, draft: `pdr_${'0'.repeat(32)}` } })).status, 400);
  assert.equal((await call('POST', '', { body: { draft: `pdr_${'0'.repeat(32)}` } })).code, 'not_found');
  assert.deepEqual(await store.read.selectFrom('policy_replays').select('id').execute(), []);
});
