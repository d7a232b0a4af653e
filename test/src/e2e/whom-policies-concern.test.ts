import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { startBackend } from '../support/backend.ts';
import { HttpDevice } from '../support/http-device.ts';

const payroll = 'https://payroll.example';
const wiki = 'https://wiki.example';

/** A policy with one rule, that the firewall is on. */
function firewallPolicy(name: string, scope: string, check = 'firewall', more = ''): string {
  return `
policy: ${name}
title: ${name}
applies_to: ${scope}
rules:
  - id: only
    title: Only rule of ${name}
    check: ${check}
    require: ${check === 'firewall' ? 'value.enabled' : '1 == 1'}
    expected: It is so
    time_to_fix: 0s
    on_unknown: block
${more}`;
}

/** A backend whose default policy asks for nothing that a test device does not have. */
async function opening(t: TestContext, env: Record<string, string> = {}) {
  const backend = await startBackend(t, env);
  const admin = await backend.person('ada@example.org', ['admin']);
  const publish = (document: string) => backend.publish(document, admin);
  await publish(firewallPolicy('baseline', '{}', 'os-version').replace('time_to_fix: 0s', 'time_to_fix: never'));
  await admin.post('/v1/admin/gateways', { name: 'Both', resources: [payroll, wiki] });
  const device = await HttpDevice.enroll(backend, admin);
  const off = { firewall: reading({ enabled: false, provider: 'nftables' }, backend.clock.now()) };
  const rulesOf = async () => {
    const { body } = await device.call('GET', '/v1/device');
    const { rules } = body['verdict'] as { rules: { policy: string; standing: string }[] };
    return rules.map(({ policy, standing }) => `${policy} ${standing}`).toSorted();
  };
  await device.attest({}, off);
  return { backend, admin, device, publish, rulesOf, off };
}

describe('a policy', () => {
  it('for a group is for whoever is in it, from the moment they are', async (t) => {
    const { admin, device, publish, rulesOf } = await opening(t);
    await publish(firewallPolicy('finance', '{ groups: [Finance] }'));
    assert.deepEqual(await rulesOf(), ['baseline warned']);
    assert.equal((await device.token({ resource: wiki })).status, 200);
    const { body: self } = await admin.get('/v1/admin/session');
    const joined = await admin.call('PATCH', `/v1/admin/users/${String(self['id'])}`, {
      groups: ['Finance', 'Berlin'],
    });
    assert.deepEqual(joined.body['groups'], ['Finance', 'Berlin']);
    assert.deepEqual(await rulesOf(), ['baseline warned', 'finance blocked']);
    assert.equal((await device.token({ resource: wiki })).body['error_code'], 'posture_refused');
  });

  it('for corporate machines is for those of which nobody has said, too, and not for personal ones', async (t) => {
    const { admin, device, publish, rulesOf } = await opening(t);
    await publish(firewallPolicy('corporate', '{ ownership: [corporate] }'));
    assert.deepEqual(await rulesOf(), ['baseline warned', 'corporate blocked']);
    const change = { ownership: 'personal', reason: 'It is her own laptop' };
    const changed = await admin.post(`/v1/admin/devices/${device.fake.id}/ownership`, change);
    assert.equal(changed.body['ownership'], 'personal');
    assert.deepEqual(await rulesOf(), ['baseline warned']);
    const { body } = await admin.get('/v1/admin/audit?limit=5');
    assert.ok(JSON.stringify(body).includes('device.ownership-changed'));
  });

  it('for a tier is for resources of that tier, and for those that nobody gave one', async (t) => {
    const { admin, device, publish } = await opening(t);
    await publish(firewallPolicy('crown-jewels', '{ resource_tiers: [high, critical] }'));
    const granted = async (resource: string) => (await device.token({ resource })).status === 200;
    assert.deepEqual([await granted(payroll), await granted(wiki)], [false, false]);
    await admin.call('PUT', '/v1/admin/resources', { name: wiki, tier: 'low' });
    const put = await admin.call('PUT', '/v1/admin/resources', { name: payroll, title: 'Payroll', tier: 'critical' });
    assert.deepEqual(put.body['items'], [
      { name: payroll, title: 'Payroll', tier: 'critical', access: null, guarded: true },
      { name: wiki, title: null, tier: 'low', access: null, guarded: true },
    ]);
    assert.deepEqual([await granted(payroll), await granted(wiki)], [false, true]);
    await admin.call('PUT', '/v1/admin/resources', { name: wiki, tier: null });
    assert.deepEqual([await granted(payroll), await granted(wiki)], [false, false]);
    const unknown = await admin.call('PUT', '/v1/admin/resources', { name: 'https://nowhere.example', tier: 'low' });
    assert.equal(unknown.body['error_code'], 'resource_unknown');
  });
});

describe('what a device is asked to collect', () => {
  const planOf = (answer: { body: Record<string, unknown> }) =>
    answer.body['collect'] as { checks: string[]; targets: unknown; identifierKey: string | null };

  it('is what its policies use and no more, and follows them', async (t) => {
    const { device, publish } = await opening(t);
    const before = planOf(await device.attest());
    assert.deepEqual(before.checks, ['os-version', 'identifiers']);
    const targets = "    targets: { linux: [/opt/edr/agentd], windows: ['C:\\EDR\\agentd.exe'] }\n";
    await publish(firewallPolicy('edr', '{ resources: [https://payroll.example] }', 'processes', targets));
    const after = planOf(await device.attest());
    assert.deepEqual(after.checks, ['os-version', 'identifiers', 'processes']);
    assert.deepEqual(after.targets, { processes: ['/opt/edr/agentd'] });
    assert.deepEqual(planOf(await device.call('GET', '/v1/device')), after);
  });

  it('leaves the hardware identifiers out where they are switched off, and hands out the key where they are keyed', async (t) => {
    const off = await opening(t, { POSTERN_HARDWARE_IDENTIFIERS: 'off' });
    assert.deepEqual(planOf(await off.device.attest()).checks, ['os-version']);
    const keyed = await opening(t, { POSTERN_HARDWARE_IDENTIFIERS: 'keyed' });
    assert.match(planOf(await keyed.device.attest()).identifierKey ?? '', /^[\w-]{43}$/);
  });

  it('must be fresh: a reading that is older than its policies take for evidence is refused, and changes nothing', async (t) => {
    const { backend, device } = await opening(t);
    const sixMinutes = 6 * 60_000;
    const now = backend.clock.now();
    const readAt = (at: number) => ({ firewall: reading({ enabled: true, provider: 'nftables' }, at) });
    const { body: before } = await device.call('GET', '/v1/device');
    const stale = await device.attest({ claims: { readings: readAt(now - 3_600_000 - sixMinutes) } });
    assert.equal(stale.body['error_code'], 'attestation_too_old');
    assert.match(JSON.stringify(stale.body['details']), /firewall.collectedAt/);
    assert.deepEqual((await device.call('GET', '/v1/device')).body['sent'], before['sent']);
  });
});
