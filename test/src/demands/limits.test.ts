import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { hour, minute, second } from '@postern/shared/time';
import { app, Demand, firewall, lock, vault } from './scene.ts';

describe('limits', () => {
  test('demand 19: overuse is prevented: an end to how long, to how long in all, and to how many wait', async (t) => {
    const demand = await Demand.open(t);
    assert.equal((await demand.ask({ duration: '9h' })).body['error_code'], 'exception_too_long');
    const first = await demand.granted({ duration: '8h' });
    demand.backend.clock.advance(5 * hour);
    const extend = (duration: string) =>
      demand.laptop.call('POST', `/v1/exceptions/${first}/extend`, { duration, justification: 'It takes much longer' });
    assert.equal((await extend('8h')).body['error_code'], 'exception_too_long', '13 h in all');
    assert.equal((await extend('6h')).status, 201);

    const other = await demand.anotherDevice();
    const resources = Array.from({ length: 21 }, (_, index) => `https://app${index}.example`);
    await demand.people.admin.post('/v1/admin/gateways', { name: 'Many', resources });
    const answers = [];
    for (const resource of resources) answers.push(await demand.ask({ resources: [resource] }, other));
    assert.deepEqual(
      answers.map(({ body }) => body['error_code'] ?? 'done'),
      [...Array.from({ length: 20 }, () => 'done'), 'exception_too_many'],
    );
  });

  test('demand 36: granular by person, device, rule and resource, and never blanket', async (t) => {
    const demand = await Demand.open(t);
    for (const blanket of [{ rules: [] }, { rules: ['*'] }, { rules: ['baseline/*'] }, { rules: undefined }])
      assert.equal((await demand.ask(blanket)).status, 400, JSON.stringify(blanket));
    await demand.granted({ resources: [app] });
    assert.equal(await demand.refusal(), undefined);
    assert.equal(await demand.refusal(demand.laptop, vault), 'posture_refused', 'another resource');
    assert.equal(await demand.refusal(await demand.anotherDevice()), 'posture_refused', 'another device of theirs');
    assert.equal(
      await demand.refusal(await demand.anotherDevice('max@example.org')),
      'posture_refused',
      'of another person',
    );

    const now = demand.backend.clock.now();
    const unlocked = reading({ enabled: false, delaySeconds: null, desktop: 'gnome' }, now);
    await demand.laptop.attest({}, { ...demand.laptop.firewallOff(), 'screen-lock': unlocked });
    assert.equal(await demand.refusal(), 'posture_refused', 'another rule');
    assert.equal((await demand.ask({ rules: [lock] })).body['error_code'], 'exception_not_allowed');
  });

  test('demand 38: durations are short and precise, to the second', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.granted({ duration: '15m' });
    const { beginsAt, expiresAt, durationSeconds } = await demand.seen(id);
    assert.equal(Date.parse(String(expiresAt)) - Date.parse(String(beginsAt)), 15 * minute);
    assert.equal(durationSeconds, 15 * 60);
    const left = () => Date.parse(String(expiresAt)) - demand.backend.clock.now();
    demand.backend.clock.advance(left() - 20 * second);
    const { status, body } = await demand.laptop.token({ resource: app });
    assert.equal(status, 200);
    assert.ok(Number(body['expires_in']) <= 20, 'a token under it ends with it');
    demand.backend.clock.advance(Math.max(0, left()));
    assert.equal(await demand.refusal(), 'posture_refused');
  });

  test('demand 45: a default end and hard limits: nothing is indefinite', async (t) => {
    const demand = await Demand.open(t);
    for (const duration of [undefined, null, '0s', '-1h', 'forever', ''])
      assert.equal((await demand.ask({ duration })).status, 400, String(duration));
    assert.equal((await demand.ask({ duration: '14d' })).body['error_code'], 'exception_too_long');
    const tooLong = policyWith('15d');
    const { body: draft } = await demand.people.admin.post('/v1/admin/policy-drafts', { document: tooLong });
    const path = `/v1/admin/policy-drafts/${String(draft['id'])}/submit`;
    const submitted = await demand.people.admin.post(path, { version: draft['version'] });
    assert.equal(submitted.status, 400, 'no policy may allow more than 14 days');
    assert.match(JSON.stringify(submitted.body), /14/);
    // Nobody answers: the request ends too.
    const id = await demand.asked();
    demand.backend.clock.advance(24 * hour);
    assert.equal((await demand.seen(id))['state'], 'lapsed');
  });

  test('demand 47: no two of one person overlap on one device, rule and resource', async (t) => {
    const demand = await Demand.open(t);
    const id = await demand.granted();
    for (const wish of [{}, { resources: [app] }, { rules: [firewall, 'baseline/encryption'] }]) {
      const { status, body } = await demand.ask(wish);
      assert.deepEqual([status, body['error_code']], [409, 'exception_overlaps']);
    }
    assert.equal((await demand.laptop.call('POST', `/v1/exceptions/${id}/relinquish`, {})).status, 200);
    await demand.granted();
    const { body } = await demand.people.ada.get('/v1/admin/exceptions');
    assert.equal((body['items'] as { live: boolean }[]).filter(({ live }) => live).length, 1);
  });
});

function policyWith(duration: string): string {
  return `
policy: other
title: Other
max_age: 1h
rules:
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, time_to_fix: '0', exceptions: { max_duration: ${duration}, max_total: ${duration}, approvals: 1 } }
`;
}
