import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hour, minute, toTimestamp } from '@postern/shared/time';
import { openDesk, opened, pendingMs } from '../testing/desk.ts';
import { basePolicy, payroll, posture, wiki } from '../testing/policy.ts';

describe('an extension', () => {
  test('waits beside the exception that it extends, which keeps its place', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    const { status, body, headers } = await desk.extend(first, '4h');
    assert.equal(status, 201);
    assert.equal(headers['location'], `/v1/exceptions/${body.id}`);
    assert.deepEqual([body.state, body.extends, body.rules, body.resources], ['pending', first.id, first.rules, []]);
    assert.deepEqual(await desk.places(), { 'base/firewall *': first.id });
    assert.equal((await desk.seen(first)).live, true);
  });

  test('takes its place in one step when approved, and its time counts from then', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    const { body: second } = await desk.extend(first, '4h');
    desk.pass(hour);
    const approved = await desk.act(desk.eve, 'approve', second);
    assert.equal(approved.body.expiresAt, toTimestamp(opened + 5 * hour));
    assert.deepEqual(await desk.places(), { 'base/firewall *': second.id });
    const old = await desk.seen(first);
    assert.deepEqual([old.state, old.live, old.endedAt], ['superseded', false, toTimestamp(opened + hour)]);
    assert.match(old.endedReason ?? '', new RegExp(second.id));
    const entry = (await desk.entries(first.id)).at(-1);
    assert.equal(entry?.type, 'exception.superseded');
    assert.deepEqual([entry.actor, entry.data['extension']], [desk.eve.id, second.id]);
  });

  test('needs the same approvals again', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'], duration: '8h' });
    await desk.act(desk.bob, 'approve', waiting);
    await desk.act(desk.eve, 'approve', waiting);
    const { body: second } = await desk.extend(waiting, '1d');
    await desk.change('users', desk.erin.id, { roles: '["admin"]' });
    assert.equal((await desk.act(desk.erin, 'approve', second)).code, 'self_approval');
    assert.equal((await desk.act(desk.bob, 'approve', second)).body.state, 'pending');
    assert.deepEqual(await desk.places(), { 'base/disk *': waiting.id });
    assert.equal((await desk.act(desk.ada, 'approve', second)).body.state, 'active');
  });

  test('keeps what was narrowed narrow', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/firewall', 'base/lock'] });
    await desk.act(desk.bob, 'approve', waiting, { rules: ['base/lock'], resources: [wiki] });
    const { body: second } = await desk.extend(waiting, '4h');
    assert.deepEqual([second.rules, second.resources], [['base/lock'], [wiki]]);
    const wider = await desk.act(desk.bob, 'approve', second, { resources: [wiki, payroll] });
    assert.equal(wider.code, 'exception_widened');
  });

  test('and all that it extends last no longer than the policy allows, at the request and at the approval', async (t) => {
    const desk = await openDesk(t);
    let last = await desk.granted({ duration: '8h' });
    desk.pass(3 * hour);
    const tooLong = await desk.extend(last, '8h30m');
    assert.equal(tooLong.code, 'exception_too_long', 'longer than one may be');
    const second = await desk.extend(last, '8h');
    last = (await desk.act(desk.bob, 'approve', second.body)).body;
    assert.equal(last.state, 'active');
    desk.pass(hour);
    const third = await desk.extend(last, '8h');
    assert.equal(third.status, 201, third.code);
    desk.pass(minute);
    const late = await desk.act(desk.bob, 'approve', third.body);
    assert.equal(late.code, 'exception_too_long', 'a minute more than twelve hours since the first');
    const cut = await desk.act(desk.bob, 'approve', third.body, { duration: '7h59m' });
    assert.equal(cut.body.expiresAt, toTimestamp(opened + 12 * hour));
    desk.pass(7 * hour);
    const { code, body } = await desk.extend(cut.body, '2h');
    assert.equal(code, 'exception_too_long');
    const [detail] = (body as unknown as { details: { message: string }[] }).details;
    assert.equal(detail?.message, 'may be at most 59 minutes');
    assert.equal((await desk.extend(cut.body, '59m')).code, 'exception_not_longer');
  });

  test('counts a chain of any length from its first link', async (t) => {
    const desk = await openDesk(t);
    await desk.publish(basePolicy({ firewall: '{ max_duration: 1h, max_total: 1h, approvals: 1 }' }));
    let last = await desk.granted({ duration: '1m' });
    for (let link = 0; link < 70; link += 1) {
      desk.pass(minute / 2);
      const next = await desk.extend(last, '1m');
      last = (await desk.act(desk.bob, 'approve', next.body)).body;
    }
    assert.equal(
      (await desk.extend(last, '25m1s')).code,
      'exception_too_long',
      'of an hour, thirty-five minutes are gone',
    );
    assert.equal((await desk.extend(last, '25m')).status, 201);
  });

  test('nok: one that would end sooner than what is there, asked for or cut down to', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted({ duration: '4h' });
    assert.equal((await desk.extend(first, '4h')).code, 'exception_not_longer');
    const { body: second } = await desk.extend(first, '6h');
    assert.equal((await desk.act(desk.bob, 'approve', second, { duration: '3h' })).code, 'exception_not_longer');
    assert.equal((await desk.seen(first)).live, true);
    assert.deepEqual(await desk.places(), { 'base/firewall *': first.id });
  });

  test('nok: a second one beside it, or a new request for the same place', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    const { body: second } = await desk.extend(first, '4h');
    const again = await desk.extend(first, '5h');
    assert.equal(again.code, 'exception_overlaps');
    assert.equal((again.body as unknown as { exception: string }).exception, second.id);
    assert.equal((await desk.ask()).code, 'exception_overlaps');
    await desk.own('withdraw', second);
    assert.equal((await desk.extend(first, '5h')).status, 201);
  });

  test('nok: of what waits, is over or is not this device’s', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    assert.equal((await desk.extend(waiting, '4h')).code, 'exception_state');
    const expired = await desk.act(desk.bob, 'approve', waiting);
    const other = await desk.addDevice(desk.erin);
    assert.equal((await desk.extend(expired.body, '4h', other)).code, 'not_found');
    desk.pass(2 * hour);
    assert.equal((await desk.extend(expired.body, '4h')).code, 'exception_state');
  });
});

describe('an extension whose exception ended while it waited', () => {
  for (const announced of [true, false]) {
    test(`by its time: may still be approved, in its own place, ${announced ? 'announced' : 'not announced'}`, async (t) => {
      const desk = await openDesk(t);
      const first = await desk.granted();
      const { body: second } = await desk.extend(first, '4h');
      desk.pass(3 * hour);
      if (announced) {
        assert.equal(await desk.sweep(), 1);
        assert.deepEqual(await desk.places(), {});
      }
      assert.equal((await desk.seen(second)).live, false, 'between the two nothing is waived');
      assert.equal((await desk.ask()).code, 'exception_overlaps', 'the one that waits is asked for already');
      const approved = await desk.act(desk.bob, 'approve', second);
      assert.deepEqual([approved.body.state, approved.body.expiresAt], ['active', toTimestamp(opened + 7 * hour)]);
      assert.deepEqual(await desk.places(), { 'base/firewall *': second.id });
      assert.equal((await desk.seen(first)).state, 'expired');
      assert.deepEqual((await desk.audited(first)).slice(-1), ['exception.expired']);
      assert.equal(await desk.sweep(), 0);
    });
  }

  test('by its time: counts on towards the total', async (t) => {
    const desk = await openDesk(t);
    const first = await desk.granted();
    const { body: second } = await desk.extend(first, '8h');
    desk.pass(5 * hour);
    assert.equal((await desk.act(desk.bob, 'approve', second)).code, 'exception_too_long');
  });

  for (const verb of ['revoked', 'relinquished', 'resolved', 'voided'] as const) {
    test(`because it was ${verb}: lapses with it, frees the way, and is announced once`, async (t) => {
      const desk = await openDesk(t);
      const first = await desk.granted();
      const { body: second } = await desk.extend(first, '4h');
      desk.pass(minute);
      if (verb === 'revoked') await desk.act(desk.bob, 'revoke', first);
      if (verb === 'relinquished') await desk.own('relinquish', first);
      if (verb === 'resolved') await desk.report(desk.laptop, posture({ firewall: true }, opened));
      if (verb === 'voided') {
        await desk.publish(basePolicy({ firewall: '{ max_duration: 7h, max_total: 12h, approvals: 1 }' }));
        await desk.report(desk.laptop, posture({}, opened));
      }
      assert.equal((await desk.seen(first)).state, verb);
      const seen = await desk.seen(second);
      assert.deepEqual([seen.state, seen.endedAt], ['lapsed', toTimestamp(opened + minute)]);
      assert.equal((await desk.act(desk.bob, 'approve', second)).code, 'exception_state');
      assert.equal((await desk.ask()).status, 201, 'nothing stands in the way of asking anew');
      assert.equal((await desk.audited(second)).filter((type) => type === 'exception.lapsed').length, 1);
      assert.equal(await desk.sweep(), 0);
    });
  }

  test('lapses like any other when nobody answers', async (t) => {
    const desk = await openDesk(t);
    const { body: second } = await desk.extend(await desk.granted(), '4h');
    desk.pass(pendingMs);
    assert.equal(await desk.sweep(), 2);
    assert.equal((await desk.seen(second)).state, 'lapsed');
  });
});
