import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { day, hour, toTimestamp } from '@postern/shared/time';
import { deleteAny } from '../../storage/change.ts';
import { type Desk, openDesk, opened, pendingMs } from '../testing/desk.ts';
import { payroll, wiki } from '../testing/policy.ts';

describe('asking for an exception', () => {
  test('waits for somebody else and waives nothing meanwhile', async (t) => {
    const desk = await openDesk(t);
    const answer = await desk.ask({ ticket: 'OPS-7' });
    assert.equal(answer.status, 201);
    const { body } = answer;
    assert.equal(answer.headers['location'], `/v1/exceptions/${body.id}`);
    assert.deepEqual([body.state, body.live, body.approvalsNeeded], ['pending', false, 1]);
    assert.deepEqual([body.person.id, body.requestedBy.id], [desk.erin.id, desk.erin.id]);
    assert.equal(body.lapsesAt, toTimestamp(opened + pendingMs));
    assert.equal(body.expiresAt, null);
    assert.deepEqual(await desk.places(), { 'base/firewall *': body.id });
  });

  test('is recorded with who, what and why, the words beside the chain', async (t) => {
    const desk = await openDesk(t);
    const { id, requestHash } = await desk.asked({ ticket: 'OPS-7', resources: [wiki] });
    const [entry] = await desk.entries(id);
    assert.equal(entry?.type, 'exception.requested');
    assert.equal(entry.actor, desk.erin.id);
    assert.equal(entry.text, 'Customers are here all day (OPS-7)');
    assert.deepEqual(entry.data, {
      person: desk.erin.id,
      device: desk.laptop.id,
      rules: ['base/firewall'],
      requestedBy: desk.erin.id,
      resources: [wiki],
      durationMs: 2 * hour,
      requestHash,
      extends: null,
      set: null,
      startsAt: null,
      kind: 'device',
      role: null,
      template: null,
      reasonCode: null,
      risk: entry.data['risk'],
    });
  });

  test('needs the most approvals and the shortest time of its rules, each named once', async (t) => {
    const desk = await openDesk(t);
    const rules = ['base/firewall', 'base/disk', 'base/firewall'];
    const body = await desk.asked({ rules, duration: '8h' });
    assert.deepEqual([body.approvalsNeeded, body.rules], [2, ['base/firewall', 'base/disk']]);
    assert.equal((await desk.ask({ rules: ['base/disk', 'base/lock'], duration: '25h' })).code, 'exception_too_long');
  });

  const bad: [string, Record<string, unknown>, ErrorCode][] = [
    ['a rule that no policy has', { rules: ['base/other'] }, 'exception_rule_unknown'],
    ['a rule for another system', { rules: ['base/mac'] }, 'exception_rule_unknown'],
    ['a rule from which nobody departs', { rules: ['base/clock'] }, 'exception_not_allowed'],
    ['longer than the rule allows', { duration: '8h1s' }, 'exception_too_long'],
    ['no time at all', { duration: '0' }, 'exception_too_long'],
    ['a resource that no gateway protects', { resources: ['https://elsewhere.example'] }, 'resource_unknown'],
    ['no rule', { rules: [] }, 'malformed_request'],
    ['every rule', { rules: ['base/*'] }, 'malformed_request'],
    ['no justification', { justification: '          ' }, 'malformed_request'],
    ['text that turns around on screen', { justification: 'I am good \u202egnp.exe' }, 'malformed_request'],
    ['a line break in a ticket', { ticket: 'OPS-7\r\nforged' }, 'malformed_request'],
    ['a member that nobody knows', { approvalsNeeded: 0 }, 'malformed_request'],
    ['somebody else as the person', { person: 'usr_1' }, 'malformed_request'],
  ];
  for (const [name, change, code] of bad) {
    test(`nok: ${name}`, async (t) => {
      const desk = await openDesk(t);
      const answer = await desk.ask(change);
      assert.equal(answer.code, code);
      assert.deepEqual(await desk.places(), {});
      assert.equal(await countOf(desk), 0);
    });
  }

  test('a refusal names the place, and repeats no text of the caller', async (t) => {
    const desk = await openDesk(t);
    const { body } = await desk.call<{ details: unknown }>('POST', '/v1/exceptions', {
      as: desk.laptop,
      body: {
        rules: ['base/firewall'],
        duration: '1h',
        justification: 'Long enough',
        resources: [wiki, 'https://<b>'],
      },
    });
    assert.deepEqual(body.details, [{ path: 'body.resources.1', message: 'no gateway protects it' }]);
  });

  const unfit: [string, (desk: Desk) => Promise<void>, ErrorCode][] = [
    ...(['pending', 'suspended', 'retired'] as const).map(
      (state): [string, (desk: Desk) => Promise<void>, ErrorCode] => [
        `a device that is ${state}`,
        (desk) => desk.change('devices', desk.laptop.id, { state }),
        'device_state_invalid',
      ],
    ),
    [
      'a device in quarantine',
      (desk) => desk.change('devices', desk.laptop.id, { quarantine_cause: 'forked', quarantined_at: opened }),
      'device_quarantined',
    ],
    ['somebody who has left', (desk) => desk.change('users', desk.erin.id, { active: 0 }), 'owner_inactive'],
    [
      'a device that never reported',
      (desk) => desk.store.commit({ changes: [deleteAny('postures', { device_id: desk.laptop.id })], audit: [] }),
      'never_attested',
    ],
  ];
  for (const [name, prepare, code] of unfit) {
    test(`nok: for ${name}, whoever asks`, async (t) => {
      const desk = await openDesk(t);
      const before = await desk.granted({ rules: ['base/lock'] });
      await prepare(desk);
      assert.equal((await desk.ask()).code, code);
      assert.equal((await askFor(desk)).code, code);
      assert.equal((await desk.extend(before, '5h')).code, code);
    });
  }

  test('one place has one exception, waiting or in force', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.asked({ resources: [payroll] });
    const overlapping = [
      await desk.ask({ resources: [payroll] }),
      await desk.ask({ resources: [wiki, payroll] }),
      await desk.ask({}),
      await askFor(desk),
    ];
    for (const { code, body } of overlapping) {
      assert.equal(code, 'exception_overlaps');
      assert.equal((body as unknown as { exception: string }).exception, first.id);
    }
    const second = await desk.asked({ resources: [wiki] });
    assert.deepEqual(await desk.places(), {
      [`base/firewall ${payroll}`]: first.id,
      [`base/firewall ${wiki}`]: second.id,
    });
    const otherDevice = await desk.addDevice(desk.erin);
    await desk.asked({}, otherDevice);
  });

  test('the place is free again once the other was refused, taken back, lapsed or over, announced or not', async (t) => {
    const desk = await openDesk(t);
    await desk.act(desk.bob, 'deny', await desk.asked());
    await desk.own('withdraw', await desk.asked());
    const lapsing = await desk.asked();
    desk.pass(pendingMs);
    const expiring = await desk.granted({ duration: '1h' });
    desk.pass(hour);
    const last = await desk.asked();
    assert.deepEqual(await desk.places(), { 'base/firewall *': last.id });
    assert.deepEqual(await desk.audited(lapsing), ['exception.requested', 'exception.lapsed']);
    assert.deepEqual((await desk.audited(expiring)).at(-1), 'exception.expired');
    assert.equal(await desk.sweep(), 0, 'nothing is announced twice');
  });

  test('twenty may wait, and one more when one of them is gone', async (t) => {
    const desk = await openDesk(t);
    const names = Array.from({ length: 21 }, (_, index) => `https://r${index}.example`);
    await desk.addGateway(names);
    const asked = await Promise.all(names.map((name) => desk.ask({ resources: [name] })));
    const waiting = asked.filter(({ status }) => status === 201);
    const refused = asked.filter(({ status }) => status !== 201);
    assert.ok(waiting.length <= 20);
    assert.ok(refused.every(({ code }) => code === 'exception_too_many' || code === 'conflict'));
    for (const name of names) await desk.ask({ resources: [name] });
    assert.equal(await countOf(desk), 20);
    assert.equal((await desk.ask({ rules: ['base/lock'] })).code, 'exception_too_many');
    assert.equal((await askFor(desk, { rules: ['base/lock'] })).code, 'exception_too_many');
    const [first] = waiting;
    assert.ok(first);
    await desk.act(desk.bob, 'approve', first.body);
    assert.equal((await desk.ask({ rules: ['base/lock'] })).status, 201);
    assert.equal((await desk.extend(first.body, '4h')).code, 'exception_too_many');
    assert.equal((await desk.ask({}, await desk.addDevice(desk.erin))).status, 201, 'each device counts for itself');
    desk.pass(day);
    assert.equal((await desk.ask({ rules: ['base/disk'] })).status, 201, 'what has lapsed does not wait');
  });
});

describe('a rule for certain resources', () => {
  test('ok: for those, for more than those, or for all', async (t) => {
    const desk = await openDesk(t);
    for (const resources of [[payroll], [payroll, wiki], []]) {
      const waiting = await desk.asked({ rules: ['payroll/space'], resources });
      const approved = await desk.act(desk.bob, 'approve', waiting);
      assert.equal(approved.body.live, true);
      await desk.own('relinquish', waiting);
    }
  });

  test('nok: for others only, since it would waive nothing', async (t) => {
    const desk = await openDesk(t);
    assert.equal((await desk.ask({ rules: ['payroll/space'], resources: [wiki] })).code, 'exception_rule_unknown');
    const waiting = await desk.asked({ rules: ['payroll/space'], resources: [payroll, wiki] });
    const narrowed = await desk.act(desk.bob, 'approve', waiting, { resources: [wiki] });
    assert.equal(narrowed.code, 'exception_rule_unknown');
  });
});

describe('asking on behalf of somebody', () => {
  test('is for the owner of the device, and names who asked', async (t) => {
    const desk = await openDesk(t);
    const answer = await askFor(desk);
    assert.equal(answer.headers['location'], `/v1/admin/exceptions/${answer.body.id}`);
    assert.deepEqual([answer.body.person.id, answer.body.requestedBy.id], [desk.erin.id, desk.ada.id]);
    assert.equal((await desk.entries(answer.body.id))[0]?.actor, desk.ada.id);
  });

  test('nok: for a device that is not there', async (t) => {
    const desk = await openDesk(t);
    assert.equal((await askFor(desk, { device: `dev_${'0'.repeat(32)}` })).code, 'not_found');
  });

  test('is taken back by who asked or by the person, and by nobody else', async (t) => {
    const desk = await openDesk(t);
    const first = (await askFor(desk)).body;
    assert.equal((await desk.act(desk.bob, 'withdraw', first)).code, 'not_allowed');
    assert.equal((await desk.act(desk.ada, 'withdraw', first)).body.state, 'withdrawn');
    const second = (await askFor(desk)).body;
    assert.equal((await desk.own('withdraw', second)).body.state, 'withdrawn');
    assert.deepEqual(await desk.audited(first), [
      'exception.requested',
      'exception.decision-refused not_allowed',
      'exception.withdrawn',
    ]);
  });
});

async function askFor(desk: Desk, change: Record<string, unknown> = {}) {
  const body = { rules: ['base/firewall'], duration: '2h', justification: 'Erin is at the customer', ...change };
  return await desk.call('POST', '/v1/admin/exceptions', { as: desk.ada, body: { device: desk.laptop.id, ...body } });
}

async function countOf(desk: Desk): Promise<number> {
  return (await desk.store.read.selectFrom('exceptions').select('id').execute()).length;
}
