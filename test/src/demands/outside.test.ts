import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { day, hour } from '@postern/shared/time';
import { Demand } from './scene.ts';

describe('around it', () => {
  test('demand 35: the system version, whose device it is, and its standing decide', async (t) => {
    const demand = await Demand.open(t);
    const { people, laptop, backend } = demand;
    await laptop.attest();
    assert.equal(await demand.refusal(), undefined);
    const policies = `
policy: issued
title: Issued by the company
max_age: 1h
applies_to: { ownership: [personal] }
rules:
  - { id: none, title: Not on personal devices, check: firewall, require: '!value.enabled', expected: no personal device, time_to_fix: '0' }
`;
    await backend.publish(policies, people.ada);
    const own = (ownership: string) =>
      people.ada.post(`/v1/admin/devices/${laptop.fake.id}/ownership`, { ownership, reason: 'From the inventory' });
    assert.equal((await own('corporate')).status, 200);
    assert.equal(await demand.refusal(), undefined, 'company-issued');
    assert.equal((await own('personal')).status, 200);
    assert.equal(await demand.refusal(), 'posture_refused', 'not company-issued');
    await own('corporate');

    await backend.publish(
      `
policy: systems
title: Systems
max_age: 1h
rules:
  - { id: version, title: System version, check: os-version, require: 'value.name != "Windows 7"', expected: one that is looked after, time_to_fix: '0' }
`,
      people.ada,
    );
    await laptop.attest();
    assert.equal(await demand.refusal(), undefined);
    const platform = 'linux' as const;
    const system = { platform, id: 'windows', name: 'Windows 7', version: '6.1', build: '7601', supportEndsOn: null };
    await laptop.attest({}, { 'os-version': reading(system, backend.clock.now()) });
    assert.notEqual(await demand.refusal(), undefined, 'an old system');
    await laptop.attest();

    const suspended = await people.ada.post(`/v1/admin/devices/${laptop.fake.id}/suspend`, {
      reason: 'Lost on a train',
    });
    assert.equal(suspended.status, 200, JSON.stringify(suspended.body));
    assert.equal(await demand.refusal(), 'device_suspended', 'its standing');
  });

  test('demand 43: what stands for long is to be looked at again, by somebody else and by a time', async (t) => {
    const demand = await Demand.open(t, { POSTERN_REVIEW_EVERY: '1d', POSTERN_REVIEW_WITHIN: '2h' });
    const long = `
policy: long
title: Long
max_age: 1h
rules:
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, time_to_fix: '0', exceptions: { max_duration: 5d, max_total: 10d, approvals: 1 } }
`;
    await demand.backend.publish(long, demand.people.ada);
    const id = await demand.granted({ rules: ['long/firewall'], duration: '5d' });
    const look = () => demand.backend.server.jobs.run('look after reviews');
    const reviews = async () =>
      (await demand.people.ada.get('/v1/admin/reviews')).body['items'] as Record<string, unknown>[];
    await look();
    assert.deepEqual(await reviews(), []);
    demand.backend.clock.advance(day + hour);
    await look();
    const [review] = await reviews();
    assert.ok(JSON.stringify(review).includes(id), JSON.stringify(review));
    assert.ok(!JSON.stringify(review?.['reviewers'] ?? []).includes(await demand.idOf('erin@example.org')));
    demand.backend.clock.advance(3 * hour);
    await look();
    const [late] = await reviews();
    assert.equal(late?.['state'], 'overdue');
  });
});
