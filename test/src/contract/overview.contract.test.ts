import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFleet } from '@postern/server/devices/index';
import { callRoute } from '@postern/server/http/testing/call-route';
import { countNeeds } from '@postern/server/overview/count-needs';
import { countExcepted, fleetOf, totalOf } from '@postern/server/overview/fleet';
import { overviewJobs, overviewRoutes } from '@postern/server/overview/index';
import { needsOf } from '@postern/server/overview/needs';
import { type Change, insert, updateAny } from '@postern/server/storage/change';
import type { Database } from '@postern/server/storage/database';
import type { Store } from '@postern/server/storage/store';
import type { Role } from '@postern/shared/protocol/admin';
import { overviewSchema } from '@postern/shared/protocol/overview';
import { day, hour, minute } from '@postern/shared/time';
import { onBothStores } from './both-stores.ts';
import { device, user } from './records.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

function person(id: string, roles: readonly Role[]) {
  return { kind: 'person', id, name: id, roles, via: 'session', authenticatedAt: now } as const;
}

function trust(deviceId: string, posture: string | null): Change {
  const status = posture === 'compliant' || posture === 'grace' ? 'compliant' : 'not-compliant';
  return insert('device_trust', {
    device_id: deviceId,
    status,
    reason: status,
    except_for: '[]',
    since: 1,
    next_at: null,
    posture,
    version: 1,
  });
}

/** A device in some state, and how it stood when it was last looked at; undefined: never. */
function standing(
  id: string,
  posture: string | null | undefined,
  changes: Partial<Database['devices']> = {},
): Change[] {
  return [
    device(id, 'usr_eve'),
    ...(Object.keys(changes).length === 0 ? [] : [updateAny('devices', { id }, changes)]),
    ...(posture === undefined ? [] : [trust(id, posture)]),
  ];
}

function exception(id: string, deviceId: string, changes: Partial<Database['exceptions']> = {}): Change {
  return insert('exceptions', {
    id,
    kind: 'device',
    state: 'active',
    person_id: 'usr_eve',
    requested_by: 'usr_eve',
    device_id: deviceId,
    jkt: 'jkt',
    rules: '["base/firewall"]',
    resources: '[]',
    observed: '{}',
    duration_ms: hour,
    justification: 'because',
    ticket: null,
    request_hash: 'h',
    approvals_needed: 1,
    extends_id: null,
    requested_at: now - hour,
    lapses_at: now + day,
    approved_at: now - hour,
    expires_at: now + hour,
    ended_at: null,
    ended_by: null,
    ended_reason: null,
    version: 1,
    role: null,
    template: null,
    template_version: null,
    reason_code: null,
    set_id: null,
    emergency: 0,
    starts_at: null,
    begins_at: now - hour,
    plan: '{}',
    requested_authn: null,
    reminded_ms: null,
    ...changes,
  });
}

async function filled(store: Store, changes: readonly Change[]) {
  const people = [user('usr_eve'), user('usr_ada', { roles: '["admin"]' }), user('usr_bob', { roles: '["approver"]' })];
  await store.commit({ changes: [...people, ...changes], audit: [] });
}

onBothStores('each device is counted once, in what says most about it', async (_, database) => {
  const store = await database.open();
  await filled(store, [
    ...standing('dev_1', 'compliant'),
    ...standing('dev_2', 'compliant'),
    ...standing('dev_3', 'compliant'),
    exception('exc_1', 'dev_3'),
    exception('exc_2', 'dev_3'),
    exception('exc_3', 'dev_2', { expires_at: now }),
    ...standing('dev_4', 'grace'),
    exception('exc_4', 'dev_4'),
    ...standing('dev_5', 'non-compliant'),
    ...standing('dev_6', 'stale'),
    ...standing('dev_7', 'never-attested'),
    ...standing('dev_8', 'compliant', { quarantined_at: now, quarantine_cause: 'fork' }),
    exception('exc_5', 'dev_8'),
    ...standing('dev_9', 'compliant', { state: 'suspended' }),
    ...standing('dev_10', 'never-attested', { state: 'pending' }),
    ...standing('dev_11', 'compliant', { state: 'retired' }),
    ...standing('dev_12', null),
    ...standing('dev_13', undefined),
  ]);
  const excepted = await countExcepted(store.read, now);
  const counts = fleetOf(await countFleet(store.read), excepted.devices);
  assert.deepEqual(counts, {
    compliant: 2,
    excepted: 1,
    grace: 1,
    'non-compliant': 1,
    stale: 1,
    'never-attested': 1,
    quarantined: 1,
    suspended: 1,
    pending: 1,
    unknown: 2,
  });
  assert.equal(totalOf(counts), 12);
});

onBothStores('the trend keeps what the last count of each day said', async (_, database) => {
  const store = await database.open();
  await filled(store, standing('dev_1', 'compliant'));
  let at = now;
  const [job] = overviewJobs({ store, clock: { now: () => at } });
  const kept = async () => {
    const rows = await store.read
      .selectFrom('fleet_days')
      .select(['day', 'devices'])
      .where('posture', '=', 'compliant')
      .orderBy('day')
      .execute();
    return rows.map(({ devices }) => devices);
  };
  await job?.run();
  assert.deepEqual(await kept(), [1]);
  await store.commit({ changes: standing('dev_2', 'compliant'), audit: [] });
  at += 30 * minute;
  await job?.run();
  assert.deepEqual(await kept(), [1], 'once an hour');
  at += 30 * minute;
  await job?.run();
  assert.deepEqual(await kept(), [2]);
  await store.commit({ changes: standing('dev_3', 'compliant'), audit: [] });
  at = Date.parse('2026-11-21T23:59:30Z');
  await job?.run();
  assert.deepEqual(await kept(), [3]);
  await store.commit({ changes: standing('dev_4', 'compliant'), audit: [] });
  at += minute;
  await job?.run();
  assert.deepEqual(await kept(), [3, 4], 'at the end of a day, and at the beginning of the next');

  const routes = overviewRoutes({ store });
  const call = { method: 'GET', path: '/v1/admin/overview', now: at } as const;
  const { body } = await callRoute(routes, call, { as: person('usr_bob', ['approver']) });
  assert.equal((await callRoute(routes, call, { as: person('usr_eve', ['employee']) })).code, 'not_allowed');
  const { trend, fleet, needs } = overviewSchema.parse(body);
  assert.deepEqual(
    trend.map((each) => [each.day, each.counts.compliant]),
    [
      ['2026-11-21', 3],
      ['2026-11-22', 4],
    ],
  );
  assert.deepEqual([fleet.total, fleet.counts.compliant, needs.map(({ kind }) => kind)], [4, 4, []]);
});

onBothStores('what needs somebody is counted for them: their own requests are for others', async (_, database) => {
  const store = await database.open();
  const brake = {
    check_id: 'disk',
    platform: 'linux',
    os_build: '1',
    flips_since: 1,
    devices: 9,
    devices_of_build: 10,
  };
  await filled(store, [
    ...standing('dev_1', 'compliant', { quarantined_at: now - hour, quarantine_cause: 'fork' }),
    ...standing('dev_2', 'never-attested', { state: 'pending' }),
    exception('exc_1', 'dev_1', { state: 'pending', approved_at: null, expires_at: null, begins_at: null }),
    exception('exc_2', 'dev_1', { state: 'pending', requested_by: 'usr_bob', lapses_at: now + minute }),
    exception('exc_3', 'dev_1', { state: 'pending', lapses_at: now }),
    insert('brakes', {
      ...brake,
      id: 'brk_1',
      opened_at: now - minute,
      ends_at: now + hour,
      state: 'holding',
      decided_by: null,
      decided_at: null,
      reason: null,
      version: 1,
    }),
    insert('abuse_flags', {
      kind: 'lapsed',
      subject: 'all',
      opened_at: now - day,
      seen_at: now,
      closed_at: null,
      sentence: 'x',
      data: '{}',
    }),
    insert('webhooks', {
      id: 'whk_1',
      label: 'x',
      url: 'https://x.example',
      format: 'standard',
      events: '[]',
      secrets: '',
      created_by: 'usr_ada',
      created_at: 1,
      disabled_at: now - hour,
      disabled_reason: 'gone',
      removed_at: null,
      version: 1,
    }),
  ]);
  const needs = async (id: string, roles: readonly Role[]) => {
    const caller = person(id, roles);
    const counted = await countNeeds({ store }, caller, now);
    return needsOf(counted, roles).map((need) => `${need.kind} ${need.count}${need.isMine ? '' : ' other'}`);
  };
  // There is no key that signs in this database.
  const forAda = ['keys 1', 'requests 2', 'quarantined 1', 'pending-devices 1', 'brakes 1', 'webhooks 1', 'abuse 1'];
  assert.deepEqual(await needs('usr_ada', ['admin']), forAda);
  assert.deepEqual(await needs('usr_bob', ['approver']), [
    'requests 1',
    'quarantined 1 other',
    'pending-devices 1 other',
    'brakes 1 other',
    'abuse 1 other',
  ]);
  const auditor = await needs('usr_eve', ['auditor']);
  assert.deepEqual(auditor.slice(0, 3), ['abuse 1', 'keys 1 other', 'requests 2 other']);
});

test('a log that nobody signs any more is told to admins, with the time of its first unsigned entry', () => {
  const [need] = needsOf({ 'audit-unsigned': { count: 1, since: now } }, ['admin']);
  assert.deepEqual([need?.kind, need?.since], ['audit-unsigned', '2026-11-21T12:00:00.000Z']);
  assert.deepEqual(needsOf({ 'audit-unsigned': { count: 1, since: now } }, ['approver']), []);
});
