import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { hour, toTimestamp } from '@postern/shared/time';
import { type Desk, openDesk, opened, pendingMs } from '../testing/desk.ts';
import { basePolicy, payroll, posture, wiki } from '../testing/policy.ts';

describe('approving', () => {
  test('by somebody else puts it in force, from that instant on', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    desk.pass(3 * hour);
    const { requestHash } = waiting;
    const { status, body } = await desk.act(desk.bob, 'approve', waiting, { reason: 'Seen the calendar', requestHash });
    assert.equal(status, 200);
    assert.deepEqual([body.state, body.live], ['active', true]);
    assert.equal(body.approvedAt, toTimestamp(opened + 3 * hour));
    assert.equal(body.expiresAt, toTimestamp(opened + 5 * hour));
    const at = toTimestamp(opened + 3 * hour);
    const vote = { verdict: 'approve', reason: 'Seen the calendar', at, authn: null };
    assert.deepEqual(body.decisions, [{ by: { id: desk.bob.id, name: 'Bob' }, ...vote }]);
  });

  test('remembers what the rules said then, and the log says it too', async (t) => {
    const desk = await openDesk(t);
    const { id } = await desk.granted({ rules: ['base/firewall', 'base/lock'] });
    const row = await desk.store.read.selectFrom('exceptions').selectAll().where('id', '=', id).executeTakeFirst();
    const observed = JSON.parse(row?.observed ?? '') as Record<string, Record<string, unknown>>;
    assert.deepEqual(Object.keys(observed), ['base/firewall', 'base/lock']);
    const firewall = observed['base/firewall'];
    assert.equal(firewall?.['outcome'], 'fail');
    assert.equal(firewall['policyVersion'], 1);
    assert.deepEqual(firewall['value'], { enabled: false, provider: 'nftables' });
    const entry = (await desk.entries(id)).at(-1);
    assert.equal(entry?.type, 'exception.approved');
    assert.deepEqual(entry.data['expiresAt'], opened + 2 * hour);
    const said = (entry.data['observed'] as { rule: string; outcome: string; policyVersion: number }[])[0];
    assert.deepEqual([said?.rule, said?.outcome, said?.policyVersion], ['base/firewall', 'fail', 1]);
  });

  test('nok: the one who asked, the one it is for, and an admin for their own device', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    const erin = { ...desk.erin, roles: ['admin', 'approver'] as const };
    await desk.change('users', erin.id, { roles: JSON.stringify(erin.roles) });
    assert.equal((await desk.act(erin, 'approve', waiting)).code, 'self_approval');
    assert.equal((await desk.act(erin, 'deny', waiting)).code, 'self_approval');

    const onBehalf = await desk.call('POST', '/v1/admin/exceptions', {
      as: desk.ada,
      body: { device: desk.laptop.id, rules: ['base/lock'], duration: '1h', justification: 'Erin is at the customer' },
    });
    assert.equal((await desk.act(desk.ada, 'approve', onBehalf.body)).code, 'self_approval');
    assert.equal((await desk.act(erin, 'approve', onBehalf.body)).code, 'self_approval');

    const adasLaptop = await desk.addDevice(desk.ada);
    const adas = await desk.asked({}, adasLaptop);
    assert.equal((await desk.act(desk.ada, 'approve', adas)).code, 'self_approval');
    assert.equal((await desk.act(desk.ada, 'deny', adas)).code, 'self_approval');
    assert.deepEqual(await desk.audited(adas), [
      'exception.requested',
      'exception.decision-refused self_approval',
      'exception.decision-refused self_approval',
    ]);
    assert.equal((await desk.seen(adas)).state, 'pending');
  });

  test('nok: the new owner of a device whose old owner asked; nor does anybody else', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    await desk.change('devices', desk.laptop.id, { owner_id: desk.bob.id });
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'self_approval');
    assert.equal((await desk.act(desk.eve, 'approve', waiting)).code, 'exception_state');
    assert.equal((await desk.act(desk.eve, 'deny', waiting)).body.state, 'denied');
  });

  test('two approvals are two people, and each sees how many are there', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    const once = await desk.act(desk.bob, 'approve', waiting);
    assert.deepEqual([once.body.state, once.body.live, once.body.decisions.length], ['pending', false, 1]);
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'already_decided');
    assert.equal((await desk.act(desk.bob, 'deny', waiting)).code, 'already_decided');
    assert.equal((await desk.act(desk.eve, 'approve', waiting)).body.state, 'active');
    assert.deepEqual(await desk.audited(waiting), [
      'exception.requested',
      'exception.approval-recorded',
      'exception.decision-refused already_decided',
      'exception.decision-refused already_decided',
      'exception.approved',
    ]);
  });

  for (const set of [{ active: 0 }, { roles: '["employee"]' }]) {
    test(`the vote of somebody who may decide no more is none: ${JSON.stringify(set)}`, async (t) => {
      const desk = await openDesk(t);
      const waiting = await desk.asked({ rules: ['base/disk'] });
      await desk.act(desk.bob, 'approve', waiting);
      await desk.change('users', desk.bob.id, set);
      assert.equal((await desk.act(desk.eve, 'approve', waiting)).body.state, 'pending');
      assert.equal((await desk.act(desk.ada, 'approve', waiting)).body.state, 'active');
    });
  }

  const refused: [string, (desk: Desk) => Promise<unknown>, Record<string, unknown>, ErrorCode][] = [
    ['more time', async () => {}, { duration: '3h' }, 'exception_widened'],
    ['another rule', async () => {}, { rules: ['base/lock'] }, 'exception_widened'],
    [
      'a resource that nobody protects',
      async () => {},
      { resources: ['https://elsewhere.example'] },
      'resource_unknown',
    ],
    ['another request than the one that was read', async () => {}, { requestHash: 'other' }, 'exception_changed'],
    ['too late', async (desk) => desk.pass(pendingMs), {}, 'exception_state'],
    [
      'what is passed by now',
      (desk) => desk.report(desk.laptop, posture({ firewall: true }, opened)),
      {},
      'exception_not_needed',
    ],
    [
      'more than the policy allows by now',
      (desk) => desk.publish(basePolicy({ firewall: '{ max_duration: 1h, max_total: 12h, approvals: 1 }' })),
      {},
      'exception_too_long',
    ],
    [
      'from a rule that is closed by now',
      (desk) => desk.publish(basePolicy({ firewall: 'false' })),
      {},
      'exception_not_allowed',
    ],
    [
      'from a rule that is gone by now',
      (desk) => desk.publish(basePolicy().replace('id: firewall', 'id: fire-wall')),
      {},
      'exception_rule_unknown',
    ],
    [
      'for a device with another key',
      (desk) => desk.change('devices', desk.laptop.id, { jkt: 'n'.repeat(43) }),
      {},
      'exception_state',
    ],
    [
      'for a suspended device',
      (desk) => desk.change('devices', desk.laptop.id, { state: 'suspended' }),
      {},
      'device_state_invalid',
    ],
    [
      'for a device in quarantine',
      (desk) => desk.change('devices', desk.laptop.id, { quarantine_cause: 'forked', quarantined_at: opened }),
      {},
      'device_quarantined',
    ],
    ['for somebody who has left', (desk) => desk.change('users', desk.erin.id, { active: 0 }), {}, 'owner_inactive'],
  ];
  for (const [name, prepare, body, code] of refused) {
    test(`nok: ${name}; it changes nothing and is recorded`, async (t) => {
      const desk = await openDesk(t);
      const waiting = await desk.asked();
      await prepare(desk);
      assert.equal((await desk.act(desk.bob, 'approve', waiting, body)).code, code);
      assert.equal((await desk.seen(waiting)).decisions.length, 0);
      assert.deepEqual(await desk.places(), { 'base/firewall *': waiting.id });
      assert.deepEqual(await desk.audited(waiting), ['exception.requested', `exception.decision-refused ${code}`]);
    });
  }

  test('nok: a warning, or what is unknown and only warned of: it waives nothing', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/lock'] });
    await desk.report(desk.laptop, posture({ lock: true }, opened));
    await desk.report(desk.laptop, posture({ lock: 'unknown' }, opened));
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'exception_not_needed');
  });

  test('nobody approves a posture that is worse than the one they were shown', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    const shown = (await desk.seen(waiting)).observed;
    assert.deepEqual(
      shown.map(({ rule, outcome }) => [rule, outcome]),
      [['base/disk', 'fail']],
    );
    await desk.act(desk.bob, 'approve', waiting);
    await desk.report(desk.laptop, posture({ disk: 'none' }, opened));
    const refused = await desk.act(desk.eve, 'approve', waiting);
    assert.equal(refused.code, 'exception_changed');
  });

  test('a policy that was raised meanwhile has its way', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    await desk.publish(basePolicy({ firewall: '{ max_duration: 8h, max_total: 12h, approvals: 2 }' }));
    const once = await desk.act(desk.bob, 'approve', waiting);
    assert.deepEqual([once.body.state, once.body.approvalsNeeded], ['pending', 2]);
    assert.equal((await desk.act(desk.eve, 'approve', waiting)).body.state, 'active');
  });

  test('nok: one that is not there', async (t) => {
    const desk = await openDesk(t);
    const none = { id: `exc_${'0'.repeat(32)}` };
    for (const verb of ['approve', 'deny', 'revoke', 'withdraw'])
      assert.equal((await desk.act(desk.bob, verb, none)).code, 'not_found');
  });
});

describe('narrowing', () => {
  test('each approver may cut, none gives back, and what was cut may be asked for again', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk', 'base/lock'], duration: '8h' });
    const once = await desk.act(desk.bob, 'approve', waiting, { duration: '4h', resources: [wiki, payroll] });
    assert.deepEqual([once.body.durationSeconds, once.body.resources], [4 * 3600, [wiki, payroll]]);
    assert.deepEqual(Object.keys(await desk.places()), [
      `base/disk ${payroll}`,
      `base/disk ${wiki}`,
      `base/lock ${payroll}`,
      `base/lock ${wiki}`,
    ]);
    assert.equal((await desk.act(desk.eve, 'approve', waiting, { duration: '5h' })).code, 'exception_widened');
    const twice = await desk.act(desk.eve, 'approve', waiting, { rules: ['base/disk'], resources: [wiki] });
    assert.deepEqual(
      [twice.body.state, twice.body.rules, twice.body.resources, twice.body.durationSeconds],
      ['active', ['base/disk'], [wiki], 4 * 3600],
    );
    assert.deepEqual(await desk.places(), { [`base/disk ${wiki}`]: waiting.id });
    await desk.asked({ rules: ['base/lock'] });
    assert.equal((await desk.ask({ rules: ['base/disk'] })).code, 'exception_overlaps');
    await desk.asked({ rules: ['base/disk'], resources: [payroll] });
  });

  test('to a rule that needs fewer people does not lower how many were asked for', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk', 'base/lock'], duration: '8h' });
    const once = await desk.act(desk.bob, 'approve', waiting, { rules: ['base/lock'] });
    assert.deepEqual([once.body.state, once.body.approvalsNeeded], ['pending', 2]);
    assert.equal((await desk.act(desk.eve, 'approve', waiting)).body.state, 'active');
  });

  test('to what is left of a request saves it when one of its rules was closed meanwhile', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/firewall', 'base/lock'] });
    await desk.publish(basePolicy({ firewall: 'false' }));
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).code, 'exception_not_allowed');
    const narrowed = await desk.act(desk.bob, 'approve', waiting, { rules: ['base/lock'] });
    assert.equal(narrowed.body.live, true);
  });
});

test('nok: without a word of which request was seen', async (t) => {
  const desk = await openDesk(t);
  const { id } = await desk.asked();
  const answer = await desk.call('POST', `/v1/admin/exceptions/${id}/approve`, { as: desk.bob, body: {} });
  assert.equal(answer.code, 'malformed_request');
});
