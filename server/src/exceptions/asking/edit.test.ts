import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { hour, toTimestamp } from '@postern/shared/time';
import { type Desk, openDesk, opened, pendingMs } from '../testing/desk.ts';
import { basePolicy, payroll, posture, wiki } from '../testing/policy.ts';
import { deskTemplate } from '../testing/templates.ts';

describe('editing a request', () => {
  test('voids the votes on it: who approved one thing has not approved another', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    await desk.act(desk.bob, 'approve', waiting);
    const { status, body } = await desk.own('edit', waiting, { duration: '8h' });
    assert.equal(status, 200);
    assert.deepEqual([body.durationSeconds, body.decisions, body.state], [8 * 3600, [], 'pending']);
    assert.notEqual(body.requestHash, waiting.requestHash);
    assert.equal((await desk.act(desk.eve, 'approve', waiting)).body.state, 'pending');
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).body.state, 'active');
  });

  test('is recorded with whose votes are void and what it became, the words beside the chain', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    await desk.act(desk.bob, 'approve', waiting);
    const justification = 'The vendor needs another day';
    const { body } = await desk.own('edit', waiting, { justification, ticket: 'OPS-9', resources: [wiki] });
    assert.deepEqual([body.justification, body.ticket], [justification, 'OPS-9']);
    const entry = (await desk.entries(waiting.id)).at(-1);
    assert.equal(entry?.type, 'exception.edited');
    assert.equal(entry.text, `${justification} (OPS-9)`);
    assert.deepEqual(
      [entry.data['voided'], entry.data['requestHash'], entry.data['previousHash'], entry.data['resources']],
      [[desk.bob.id], body.requestHash, waiting.requestHash, [wiki]],
    );
  });

  test('what is said differently is another request, even to the letter', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    await desk.own('edit', waiting, { justification: 'Customers are here all week' });
    const { requestHash } = waiting;
    assert.equal((await desk.act(desk.bob, 'approve', waiting, { requestHash })).code, 'exception_changed');
  });

  test('moves its places, and leaves alone what it does not name', async (t) => {
    const desk = await openDesk(t);
    const startsAt = toTimestamp(opened + hour);
    const waiting = await desk.asked({ startsAt, ticket: 'OPS-7', resources: [wiki] });
    const { body } = await desk.own('edit', waiting, { rules: ['base/lock'] });
    assert.deepEqual(
      [body.startsAt, body.ticket, body.resources, body.durationSeconds],
      [startsAt, 'OPS-7', [wiki], 7200],
    );
    assert.deepEqual(await desk.places(), { [`base/lock ${wiki}`]: waiting.id });
    const cleared = await desk.own('edit', waiting, { startsAt: null, ticket: null, resources: [] });
    assert.deepEqual([cleared.body.startsAt, cleared.body.ticket, cleared.body.resources], [null, null, []]);
  });

  test('does not make it wait any longer', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    desk.pass(pendingMs - 1);
    assert.equal((await desk.own('edit', waiting, { duration: '1h' })).body.lapsesAt, waiting.lapsesAt);
    desk.pass(1);
    assert.equal((await desk.own('edit', waiting, { duration: '2h' })).code, 'exception_state');
  });

  test('asks as many people as the request needs that it becomes', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    const { body } = await desk.own('edit', waiting, { rules: ['base/firewall', 'base/disk'] });
    assert.equal(body.approvalsNeeded, 2);
    assert.equal((await desk.act(desk.bob, 'approve', waiting)).body.state, 'pending');
  });

  test('is for whoever asked and whom it is for, and for nobody else', async (t) => {
    const desk = await openDesk(t);
    const mallory = await desk.addPerson('Mallory', ['employee']);
    const other = await desk.addDevice(mallory);
    const body = { device: desk.laptop.id, rules: ['base/lock'], duration: '1h', justification: 'Erin is on the road' };
    const { body: waiting } = await desk.call('POST', '/v1/admin/exceptions', { as: desk.ada, body });
    assert.equal((await desk.own('edit', waiting, { duration: '2h' }, other)).code, 'not_found');
    for (const by of [desk.bob, mallory])
      assert.equal((await desk.act(by, 'edit', waiting, { duration: '2h' })).code, 'not_allowed');
    for (const by of [desk.ada, desk.erin])
      assert.equal((await desk.act(by, 'edit', waiting, { duration: '2h' })).status, 200);
  });

  const refused: [string, Record<string, unknown>, ErrorCode][] = [
    ['a rule that no policy has', { rules: ['base/other'] }, 'exception_rule_unknown'],
    ['a rule from which nobody departs', { rules: ['base/clock'] }, 'exception_not_allowed'],
    ['no rule', { rules: [] }, 'malformed_request'],
    ['longer than may be', { duration: '9h' }, 'exception_too_long'],
    ['for no time', { duration: '0' }, 'exception_too_long'],
    ['a resource that nobody protects', { resources: ['https://elsewhere.example'] }, 'resource_unknown'],
    ['in the past', { startsAt: toTimestamp(opened - 1) }, 'exception_start_invalid'],
    ['what another one is about', { rules: ['base/lock'] }, 'exception_overlaps'],
    ['another template', { template: 'desk' }, 'malformed_request'],
  ];
  for (const [name, edit, code] of refused) {
    test(`nok: ${name}; votes stay as they are`, async (t) => {
      const desk = await openDesk(t);
      await desk.asked({ rules: ['base/lock'], resources: [payroll] });
      await desk.publish(basePolicy({ firewall: '{ max_duration: 8h, max_total: 12h, approvals: 2 }' }));
      const waiting = await desk.asked();
      await desk.act(desk.bob, 'approve', waiting);
      assert.equal((await desk.own('edit', waiting, edit)).code, code);
      const seen = await desk.seen(waiting);
      assert.deepEqual([seen.requestHash, seen.decisions.length], [waiting.requestHash, 1]);
    });
  }

  for (const [name, end] of [
    ['approved', (desk: Desk, id: { id: string }) => desk.act(desk.bob, 'approve', id)],
    ['denied', (desk: Desk, id: { id: string }) => desk.act(desk.bob, 'deny', id)],
    ['taken back', (desk: Desk, id: { id: string }) => desk.own('withdraw', id)],
  ] as const) {
    test(`nok: once it is ${name}`, async (t) => {
      const desk = await openDesk(t);
      const waiting = await desk.asked();
      await end(desk, waiting);
      assert.equal((await desk.own('edit', waiting, { duration: '1h' })).code, 'exception_state');
    });
  }

  test('an extension may be for another time, never about something else', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    const { body: second } = await desk.extend(first, '4h');
    for (const edit of [{ rules: ['base/lock'] }, { resources: [wiki] }, { startsAt: toTimestamp(opened + hour) }])
      assert.equal((await desk.own('edit', second, edit)).code, 'exception_state');
    assert.equal((await desk.own('edit', second, { duration: '6h' })).body.durationSeconds, 6 * 3600);
    assert.equal((await desk.own('edit', second, { duration: '9h' })).code, 'exception_too_long');
    assert.equal((await desk.act(desk.bob, 'approve', second)).body.state, 'active');
    assert.equal((await desk.seen(first)).state, 'superseded');
  });

  test('shows the posture of now, which is what is approved', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    await desk.report(desk.laptop, posture({ disk: 'none' }, opened));
    await desk.own('edit', waiting, { duration: '4h' });
    await desk.act(desk.bob, 'approve', waiting);
    assert.equal((await desk.act(desk.eve, 'approve', waiting)).body.state, 'active');
  });

  test('stays under its template, which says what it takes', async (t) => {
    const desk = await openDesk(t);
    await desk.template(deskTemplate('reason_codes: [{ code: visit, title: A visit }]'));
    const waiting = await desk.asked({ template: 'desk', reasonCode: 'visit' });
    assert.equal((await desk.own('edit', waiting, { reasonCode: 'holiday' })).code, 'reason_code_required');
    const { body } = await desk.own('edit', waiting, { duration: '1h' });
    assert.deepEqual([body.template?.name, body.reasonCode], ['desk', 'visit']);
  });
});

describe('at the same instant', () => {
  test('edited and approved: a vote for the old request never counts for the new one', async (t) => {
    for (const first of ['edit', 'approve'] as const) {
      const desk = await openDesk(t);
      const waiting = await desk.asked({ rules: ['base/disk'] });
      const { requestHash } = waiting;
      const edit = () => desk.own('edit', waiting, { duration: '8h' });
      const approve = () => desk.act(desk.bob, 'approve', waiting, { requestHash });
      await Promise.all(first === 'edit' ? [edit(), approve()] : [approve(), edit()]);
      const seen = await desk.seen(waiting);
      assert.deepEqual([seen.durationSeconds, seen.decisions], [8 * 3600, []]);
    }
  });

  test('makes another request of it, which nobody has looked at', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    const look = () => desk.call('GET', `/v1/admin/exceptions/${waiting.id}`, { as: desk.bob });
    const looks = async () =>
      (await desk.store.read.selectFrom('exception_views').select('at').execute()).map(({ at }) => at);
    await look();
    await desk.own('edit', waiting, { duration: '4h' });
    assert.deepEqual(await looks(), []);
    desk.pass(1000);
    await look();
    assert.deepEqual(await looks(), [desk.clock.at]);
  });
});
