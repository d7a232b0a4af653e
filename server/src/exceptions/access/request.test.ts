import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { day, hour, minute, toTimestamp } from '@postern/shared/time';
import { openAccessDesk } from './testing/access-desk.ts';

describe('asking for temporary access', () => {
  test('waits for somebody else, and then for its first use', async (t) => {
    const desk = await openAccessDesk(t);
    const waiting = await desk.asked();
    assert.deepEqual(
      [waiting.kind, waiting.state, waiting.live, waiting.role, waiting.rules, waiting.resources],
      ['access', 'pending', false, 'operator', [], [desk.resources.payroll]],
    );
    const approved = await desk.act(desk.bob, 'approve', waiting);
    const { state, beginsAt, expiresAt } = approved.body;
    assert.deepEqual([state, beginsAt, expiresAt], ['approved', null, toTimestamp(desk.clock.at + 2 * hour)]);
  });

  test('begins with its approval where the template says so', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.setGroups(desk.erin, ['staff']);
    const { state, live, beginsAt, expiresAt } = await desk.granted({ template: 'planned' });
    const now = desk.clock.at;
    assert.deepEqual([state, live, beginsAt, expiresAt], ['active', true, toTimestamp(now), toTimestamp(now + hour)]);
  });

  test('begins later, when that is asked for', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.setGroups(desk.erin, ['staff']);
    const startsAt = toTimestamp(desk.clock.at + day);
    const { state, live, beginsAt } = await desk.granted({ template: 'planned', startsAt });
    assert.deepEqual([state, live, beginsAt], ['scheduled', false, startsAt]);
  });

  test('is approved at once where a condition of the template does', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.setGroups(desk.erin, ['staff', 'audit']);
    const { id, state, autoApprovedBy, decisions } = await desk.asked({ template: 'planned' });
    assert.deepEqual([state, autoApprovedBy, decisions], ['active', 'Briefly', []]);
    assert.deepEqual(await desk.audited({ id }), ['exception.requested', 'exception.approved']);
  });

  const bad: [string, Record<string, unknown>, ErrorCode][] = [
    ['a resource that offers none', { resource: 'https://wiki.example' }, 'access_not_offered'],
    ['a resource that nobody knows', { resource: 'https://elsewhere.example' }, 'access_not_offered'],
    ['a role that it does not offer', { role: 'root' }, 'access_not_offered'],
    ['a role like a member of every object', { role: 'constructor' }, 'access_not_offered'],
    ['a template that it does not name', { template: 'outage-device' }, 'access_not_offered'],
    ['a template for others', { template: 'planned' }, 'template_not_for_you'],
    ['no time', { duration: '0' }, 'exception_too_long'],
    ['longer than the template allows', { duration: '9h' }, 'exception_too_long'],
    [
      'a start under a template that begins with the first use',
      { startsAt: '2026-11-24T09:00:00Z' },
      'exception_start_invalid',
    ],
    ['rules', { rules: ['base/firewall'] }, 'malformed_request'],
    ['several resources', { resources: ['https://wiki.example'] }, 'malformed_request'],
    ['no reason', { justification: ' ' }, 'malformed_request'],
    ['a role that turns around on screen', { role: 'a\u202eb' }, 'malformed_request'],
    ['somebody else', { person: 'usr_1' }, 'malformed_request'],
  ];
  for (const [name, change, code] of bad) {
    test(`nok: ${name}`, async (t) => {
      const desk = await openAccessDesk(t);
      assert.equal((await desk.ask(change)).code, code);
      assert.deepEqual(await desk.places(), {});
    });
  }

  test('nok: an emergency without saying so', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.setGroups(desk.erin, ['on-call']);
    assert.equal((await desk.ask({ template: 'outage' })).code, 'template_not_for_you');
    const { duration, justification } = desk.wish;
    const body = { rules: ['base/firewall'], duration, justification, template: 'outage-device' };
    assert.equal((await desk.call('POST', '/v1/exceptions', { as: desk.laptop, body })).code, 'template_not_for_you');
  });

  test('nok: on a device that could get no token', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.change('devices', desk.laptop.id, { state: 'suspended' });
    assert.equal((await desk.ask()).code, 'device_state_invalid');
  });
});

describe('one person has one grant for a resource', () => {
  test('whatever the device; the refusal names the other', async (t) => {
    const desk = await openAccessDesk(t);
    const first = await desk.asked();
    const other = await desk.addDevice(desk.erin);
    for (const answer of [await desk.ask(), await desk.ask({ role: 'reader' }), await desk.ask({}, other)]) {
      assert.equal(answer.code, 'exception_overlaps');
      assert.equal((answer.body as unknown as { exception: string }).exception, first.id);
    }
    await desk.asked({}, await desk.addDevice(desk.eve));
  });

  test('also when two ask at the same instant', async (t) => {
    const desk = await openAccessDesk(t);
    const other = await desk.addDevice(desk.erin);
    const answers = await Promise.all([desk.ask(), desk.ask({}, other), desk.ask(), desk.ask({}, other)]);
    const made = answers.find(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    assert.equal(refused.length, 3);
    for (const { code, body } of refused)
      assert.deepEqual(
        [code, (body as unknown as { exception: string }).exception],
        ['exception_overlaps', made?.body.id],
      );
  });

  test('and the next once that is over, though it was on another device and nobody has announced it', async (t) => {
    const desk = await openAccessDesk(t);
    const first = await desk.granted();
    desk.pass(2 * hour);
    const second = await desk.asked({}, await desk.addDevice(desk.erin));
    assert.deepEqual((await desk.audited(first)).at(-1), 'exception.expired');
    assert.deepEqual(Object.values(await desk.places()), [second.id]);
  });

  test('an exception from a rule stands beside it', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.asked();
    const body = {
      rules: ['base/firewall'],
      duration: '2h',
      justification: 'Customers are here',
      resources: [desk.resources.payroll],
    };
    assert.equal((await desk.call('POST', '/v1/exceptions', { as: desk.laptop, body })).status, 201);
  });
});

describe('in their own session', () => {
  test('somebody asks on a device of theirs, and on no other', async (t) => {
    const desk = await openAccessDesk(t);
    const ask = (as: typeof desk.erin) =>
      desk.call('POST', '/v1/me/access', { as, body: { ...desk.wish, device: desk.laptop.id } });
    assert.equal((await ask(desk.bob)).code, 'not_found');
    assert.equal((await ask(desk.ada)).code, 'not_found', 'nor does an admin');
    assert.equal((await ask(desk.erin)).status, 201);
  });

  test('they see what they have and what they may ask for, and nothing of others', async (t) => {
    const desk = await openAccessDesk(t);
    const mine = await desk.granted();
    const device = (await desk.own(desk.laptop)).body;
    const session = (await desk.own(desk.erin)).body;
    assert.deepEqual(device, session);
    assert.deepEqual(
      session.items.map(({ id }) => id),
      [mine.id],
    );
    const [offer] = session.offers;
    assert.deepEqual([offer?.resource, offer?.roles], [desk.resources.payroll, ['operator', 'reader']]);
    assert.deepEqual(
      offer?.templates.map(({ name }) => name),
      ['for-a-while'],
    );
    await desk.setGroups(desk.eve, ['staff', 'on-call']);
    const others = (await desk.own(desk.eve)).body;
    assert.deepEqual(others.items, []);
    assert.deepEqual(
      others.offers[0]?.templates.map(({ name }) => name),
      ['for-a-while', 'planned', 'outage'],
    );
  });
});

describe('click-to-revoke', () => {
  const people = ['person', 'manager', 'operator', 'approver', 'admin'] as const;
  for (const who of people) {
    test(`ok: the ${who}, begun or not`, async (t) => {
      const desk = await openAccessDesk(t);
      const mia = await desk.addPerson('Mia', ['employee']);
      const oli = await desk.addPerson('Oli', ['employee']);
      await desk.change('users', desk.erin.id, { manager_id: mia.id });
      await desk.setGroups(oli, ['ops']);
      const by = { person: desk.erin, manager: mia, operator: oli, approver: desk.eve, admin: desk.ada }[who];
      const ended = await desk.end(by, await desk.granted(), { reason: 'It is done' });
      assert.equal(ended.body.state, who === 'person' ? 'relinquished' : 'revoked', ended.code);
      assert.deepEqual(await desk.places(), {});
    });
  }

  test('nok: anybody else, and nothing that is no temporary access', async (t) => {
    const desk = await openAccessDesk(t);
    const access = await desk.granted();
    const mallory = await desk.addPerson('Mallory', ['employee']);
    const auditor = await desk.addPerson('Audrey', ['auditor']);
    for (const by of [mallory, auditor]) assert.equal((await desk.end(by, access)).code, 'not_allowed');
    const body = { rules: ['base/firewall'], duration: '2h', justification: 'Customers are here' };
    const { id } = (await desk.call('POST', '/v1/exceptions', { as: desk.laptop, body })).body;
    assert.equal((await desk.end(desk.ada, { id })).code, 'not_found');
    assert.equal((await desk.end(desk.ada, { id: `exc_${'0'.repeat(32)}` })).code, 'not_found');
  });

  test('nok: twice', async (t) => {
    const desk = await openAccessDesk(t);
    const access = await desk.granted();
    await desk.end(desk.erin, access);
    desk.pass(minute);
    assert.equal((await desk.end(desk.bob, access)).code, 'exception_state');
  });
});

describe('more time', () => {
  test('takes the place of what is in force when it is approved, and never waits for a first use', async (t) => {
    const desk = await openAccessDesk(t);
    await desk.setGroups(desk.erin, ['staff']);
    const first = await desk.granted({ template: 'planned' });
    desk.pass(30 * minute);
    const asked = await desk.extend(first, '2h');
    assert.equal(asked.status, 201, asked.code);
    assert.deepEqual(Object.values(await desk.places()), [first.id]);
    const approved = await desk.act(desk.bob, 'approve', asked.body);
    assert.deepEqual([approved.body.state, approved.body.role], ['active', 'operator'], approved.code);
    assert.equal(approved.body.expiresAt, toTimestamp(desk.clock.at + 2 * hour));
    assert.equal((await desk.seen(first)).state, 'superseded');
    assert.deepEqual(Object.values(await desk.places()), [asked.body.id]);
  });

  test('is not asked for while nothing has begun', async (t) => {
    const desk = await openAccessDesk(t);
    assert.equal((await desk.extend(await desk.granted(), '2h')).code, 'exception_state');
  });
});
