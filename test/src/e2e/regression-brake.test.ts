import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { systemActor } from '@postern/server/audit/event';
import { publishPolicy } from '@postern/server/policy/index';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, hour, minute } from '@postern/shared/time';
import { onBothStores } from '../contract/both-stores.ts';
import type { Api } from '../support/api.ts';
import { AuditTrail } from '../support/audit-trail.ts';
import { startBackend } from '../support/backend.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { resource } from '../support/scene.ts';

const doubtful = '24A335';

/** Macs, each of its own person, under a policy that blocks at once. */
async function openFleet(t: TestContext, env: Record<string, string> = {}, policy = firewallPolicy) {
  const backend = await startBackend(t, env);
  const { clock, server } = backend;
  const admin = await backend.person('ada@example.org', ['admin']);
  await publishPolicy(server.deps.store, policy, systemActor, clock.now());
  await admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] });

  const readingsOf = (build: string, firewall: boolean): Readings => ({
    'os-version': reading(
      { platform: 'macos', id: 'macos', name: 'macOS 15.0', version: '15.0', build, supportEndsOn: null },
      clock.now(),
    ),
    firewall: reading({ enabled: firewall, provider: 'alf' }, clock.now()),
  });
  let people = 0;
  const newMac = async () => {
    const owner = await backend.person(`person-${(people += 1)}@example.org`, ['admin']);
    return HttpDevice.enroll(backend, owner, undefined, 'macos');
  };
  const macs = async (count: number) => Promise.all(Array.from({ length: count }, newMac));
  const report = async (mac: HttpDevice, firewall: boolean, build = doubtful) => {
    const { status, body } = await mac.attest({}, readingsOf(build, firewall));
    assert.equal(status, 200, JSON.stringify(body));
    return body['verdict'] as VerdictSeen;
  };
  const mayGo = async (mac: HttpDevice) => (await mac.token()).status === 200;
  const watch = () => server.jobs.run('watch for doubtful checks');
  const brakes = async () => (await admin.get('/v1/admin/brakes')).body['items'] as BrakeSeen[];
  return { backend, clock, admin, macs, newMac, report, mayGo, watch, brakes, audit: new AuditTrail(admin) };
}

interface VerdictSeen {
  status: string;
  rules: { held: { brake: string } | null; deadline: string | null }[];
}

interface BrakeSeen {
  id: string;
  state: string;
  check: string;
  build: string;
  devices: number;
  devicesOfBuild: number;
  endsAt: string;
  openedAt: string;
}

const decide = (admin: Api, id: string, action: string, body: object) =>
  admin.post(`/v1/admin/brakes/${id}/${action}`, { reason: 'Apple says that the firewall is off', ...body });

onBothStores('a reading that turns on a whole build is held until an admin decides', async (t, database) => {
  const fleet = await openFleet(t, { POSTERN_DATABASE_URL: database.url });
  const { admin, clock, report, mayGo, watch, brakes, audit } = fleet;
  const macs = await fleet.macs(8);
  const [elsewhere, failing] = await Promise.all([fleet.newMac(), fleet.newMac()]);
  assert.ok(elsewhere && failing);
  for (const mac of macs) assert.equal((await report(mac, true)).status, 'compliant');
  await report(elsewhere, true, '24B83');
  await report(failing, false);

  for (const mac of macs.slice(0, 4)) {
    clock.advance(minute);
    assert.equal((await report(mac, false)).status, 'non-compliant');
  }
  await watch();
  assert.deepEqual(await brakes(), [], 'four are too few');
  const [first, ...others] = macs;
  assert.ok(first);
  assert.equal(await mayGo(first), false);

  const fifth = macs[4] ?? assert.fail();
  assert.equal((await report(fifth, false)).status, 'non-compliant', 'for a moment');
  await watch();
  assert.equal(await mayGo(first), true, 'without reporting again');
  assert.equal(await mayGo(fifth), true);
  const head = await audit.head();
  for (const mac of macs.slice(5)) {
    clock.advance(minute);
    const verdict = await report(mac, false);
    assert.equal(verdict.status, 'compliant', 'not even for a moment');
    assert.match(String(verdict.rules[0]?.held?.brake), /^brk_/);
  }
  assert.deepEqual(
    (await audit.since(head)).filter(({ type }) => type === 'brake.held').map(({ subject }) => subject?.id),
    macs.slice(5).map(({ fake }) => fake.id),
  );
  await report(elsewhere, false, '24B83');
  assert.equal(await mayGo(elsewhere), false, 'another build');
  assert.equal(await mayGo(failing), false, 'it never passed');

  const [brake, ...more] = await brakes();
  assert.ok(brake);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [brake.state, brake.check, brake.build, brake.devices, brake.devicesOfBuild],
    ['holding', 'firewall', doubtful, 5, 9],
  );
  const { body: detail } = await admin.get(`/v1/admin/brakes/${brake.id}`);
  const affected = detail['affected'] as { id: string; held: boolean; before: unknown; after: unknown }[];
  assert.deepEqual(new Set(affected.map(({ id }) => id)), new Set(macs.map(({ fake }) => fake.id)));
  assert.ok(affected.every(({ held }) => held));
  assert.match(JSON.stringify(affected[0]?.before), /"enabled":true/);
  assert.match(JSON.stringify(affected[0]?.after), /"enabled":false/);
  const metrics = await fetch(`${fleet.backend.url}/metrics`);
  assert.match(await metrics.text(), /^postern_brakes_holding 1$/m);

  const released = await decide(admin, brake.id, 'release', {});
  assert.deepEqual([released.status, released.body['state']], [200, 'released']);
  for (const mac of [first, ...others]) assert.equal(await mayGo(mac), false);
  assert.equal((await decide(admin, brake.id, 'release', {})).body['error_code'], 'brake_ended');
  await watch();
  assert.equal((await brakes()).length, 1, 'what was decided upon does not open it again');
  assert.equal((await report(first, false)).status, 'non-compliant');
  const types = (await audit.since(0)).map(({ type }) => type).filter((type) => type.startsWith('brake.'));
  assert.deepEqual(types, ['brake.opened', 'brake.held', 'brake.held', 'brake.held', 'brake.released']);
});

describe('the brake', () => {
  test('is not for devices of different builds, nor for one person’s devices, nor for changes over hours', async (t) => {
    const { backend, clock, macs, report, mayGo, watch, brakes } = await openFleet(t);
    const various = await macs(8);
    for (const [index, mac] of various.entries()) await report(mac, true, `24A${100 + index}`);
    for (const [index, mac] of various.entries()) await report(mac, false, `24A${100 + index}`);
    const eve = await backend.person('eve@example.org', ['admin']);
    const own = await Promise.all(Array.from({ length: 6 }, () => HttpDevice.enroll(backend, eve, undefined, 'macos')));
    for (const mac of own) await report(mac, true, '24C1');
    for (const mac of own) await report(mac, false, '24C1');
    const slow = await macs(8);
    for (const mac of slow) {
      await report(mac, true, '24D1');
      await report(mac, false, '24D1');
      await watch();
      clock.advance(4 * minute);
    }
    assert.deepEqual(await brakes(), []);
    for (const mac of [various[0], own[0], slow[7]]) assert.equal(mac && (await mayGo(mac)), false);
  });

  test('lets go by itself, also when nobody announces it; the same changes do not open it again', async (t) => {
    const { backend, clock, macs, report, mayGo, watch, brakes, audit } = await openFleet(t);
    const fleet = await macs(5);
    for (const mac of fleet) await report(mac, true);
    for (const mac of fleet) await report(mac, false);
    await watch();
    const [mac] = fleet;
    assert.ok(mac && (await mayGo(mac)));
    clock.advance(day - minute);
    await report(mac, false);
    assert.equal(await mayGo(mac), true);
    clock.advance(minute);
    assert.equal(await mayGo(mac), false);
    assert.equal((await brakes())[0]?.state, 'expired');
    const head = await audit.head();
    await watch();
    for (const each of fleet) await report(each, false);
    await watch();
    assert.deepEqual(
      (await brakes()).map(({ state }) => state),
      ['expired'],
    );
    assert.ok((await audit.since(head)).some(({ type }) => type === 'brake.expired'));
    const metrics = await fetch(`${backend.url}/metrics`);
    assert.match(await metrics.text(), /^postern_brakes_holding 0$/m);
  });

  test('gives the whole time to fix again when it lets go: nobody is blocked without notice', async (t) => {
    const patient = firewallPolicy.replace('time_to_fix: 0s', 'time_to_fix: 2h');
    const { admin, clock, macs, report, mayGo, watch, brakes } = await openFleet(t, {}, patient);
    const fleet = await macs(5);
    for (const mac of fleet) await report(mac, true);
    for (const mac of fleet) await report(mac, false);
    await watch();
    const [mac] = fleet;
    assert.ok(mac);
    for (let hours = 0; hours < 4; hours += 1) {
      clock.advance(hour - minute);
      assert.equal((await report(mac, false)).status, 'compliant');
    }
    const [brake] = await brakes();
    await decide(admin, brake?.id ?? '', 'release', {});
    assert.equal(await mayGo(mac), true, 'two hours after the change, in grace again');
    const before = clock.now();
    const verdict = await report(mac, false);
    assert.equal(verdict.status, 'grace');
    assert.ok(Date.parse(verdict.rules[0]?.deadline ?? '') >= before + 2 * hour);
  });

  test('can be extended to seven days after it opened, and no further', async (t) => {
    const { admin, clock, macs, report, watch, brakes } = await openFleet(t);
    const fleet = await macs(5);
    for (const mac of fleet) await report(mac, true);
    for (const mac of fleet) await report(mac, false);
    await watch();
    const [brake] = await brakes();
    assert.ok(brake);
    const until = (instant: number) => ({ until: new Date(instant).toISOString() });
    const opened = Date.parse(brake.openedAt);
    for (const wrong of [opened + 7 * day + 1, Date.parse(brake.endsAt), clock.now() - day]) {
      const { status, body } = await decide(admin, brake.id, 'extend', until(wrong));
      assert.deepEqual([status, body['error_code']], [400, 'brake_extension_invalid']);
    }
    const extended = await decide(admin, brake.id, 'extend', until(opened + 7 * day));
    assert.equal(extended.body['endsAt'], new Date(opened + 7 * day).toISOString());
    clock.advance(6 * day);
    const [mac] = fleet;
    assert.ok(mac);
    assert.equal((await report(mac, false)).status, 'compliant');
    clock.advance(day);
    assert.equal((await report(mac, false)).status, 'non-compliant');
    const gone = `brk_${'0'.repeat(32)}`;
    assert.equal((await decide(admin, gone, 'release', {})).body['error_code'], 'not_found');
  });
});
