import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hour, minute, toTimestamp } from '@postern/shared/time';
import { openDesk, opened, pendingMs } from '../testing/desk.ts';
import { basePolicy, payroll, posture } from '../testing/policy.ts';

describe('denying', () => {
  test('once is enough, whoever approved before', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/disk'] });
    await desk.act(desk.bob, 'approve', waiting);
    const { body } = await desk.act(desk.eve, 'deny', waiting, { reason: 'Use the other laptop' });
    assert.deepEqual([body.state, body.endedReason], ['denied', 'Use the other laptop']);
    assert.deepEqual(
      body.decisions.map(({ verdict }) => verdict),
      ['approve', 'deny'],
    );
    assert.deepEqual(await desk.places(), {});
    assert.equal((await desk.act(desk.ada, 'approve', waiting)).code, 'exception_state');
    assert.equal((await desk.entries(waiting.id))[2]?.text, 'Use the other laptop');
  });

  test('nok: another request than the one that was read', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    assert.equal((await desk.act(desk.bob, 'deny', waiting, { requestHash: 'other' })).code, 'exception_changed');
    const { requestHash } = waiting;
    assert.equal((await desk.act(desk.bob, 'deny', waiting, { requestHash })).body.state, 'denied');
  });
});

describe('ending what is in force', () => {
  test('somebody else revokes it, its person relinquishes it; each frees the place at once', async (t) => {
    const desk = await openDesk(t);
    const revoked = await desk.act(desk.eve, 'revoke', await desk.granted(), { reason: 'The visit is over' });
    assert.deepEqual(
      [revoked.body.state, revoked.body.live, revoked.body.endedReason],
      ['revoked', false, 'The visit is over'],
    );
    const relinquished = await desk.own('relinquish', await desk.granted());
    assert.equal(relinquished.body.state, 'relinquished');
    assert.deepEqual(await desk.places(), {});
    assert.deepEqual((await desk.audited(relinquished.body)).slice(-1), ['exception.relinquished']);
  });

  test('an approver who revokes their own opts back in', async (t) => {
    const desk = await openDesk(t);
    const evesLaptop = await desk.addDevice(desk.eve);
    const exception = await desk.granted({}, evesLaptop);
    assert.equal((await desk.act(desk.eve, 'revoke', exception)).body.state, 'relinquished');
    assert.deepEqual((await desk.audited(exception)).slice(-1), ['exception.relinquished']);
  });

  test('nok: what waits is not revoked, what is in force is not taken back, and what is over stays over', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked();
    assert.equal((await desk.act(desk.bob, 'revoke', waiting)).code, 'exception_state');
    assert.equal((await desk.own('relinquish', waiting)).code, 'exception_state');
    await desk.act(desk.bob, 'approve', waiting);
    assert.equal((await desk.own('withdraw', waiting)).code, 'exception_state');
    await desk.own('relinquish', waiting);
    for (const verb of ['approve', 'deny', 'revoke'])
      assert.equal((await desk.act(desk.eve, verb, waiting)).code, 'exception_state', verb);
    for (const verb of ['relinquish', 'withdraw'])
      assert.equal((await desk.own(verb, waiting)).code, 'exception_state', verb);
  });

  test('a suspended device, or the device of somebody who has left, may still opt back in', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted();
    await desk.change('devices', desk.laptop.id, { state: 'suspended' });
    await desk.change('users', desk.erin.id, { active: 0 });
    assert.equal((await desk.own('relinquish', exception)).body.state, 'relinquished');
  });
});

describe('time', () => {
  test('ends it at its very millisecond, whoever has noticed', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted();
    desk.pass(2 * hour - 1);
    assert.equal((await desk.seen(exception)).live, true);
    desk.pass(1);
    const seen = await desk.seen(exception);
    assert.deepEqual([seen.state, seen.live, seen.endedAt], ['expired', false, toTimestamp(opened + 2 * hour)]);
    assert.equal((await desk.act(desk.bob, 'revoke', exception)).code, 'exception_state');
  });

  test('is announced once for each, with the instant that it ended and not that it was noticed', async (t) => {
    const desk = await openDesk(t);
    const expiring = await desk.granted();
    const lapsing = await desk.asked({ rules: ['base/disk'] });
    const staying = await desk.granted({ rules: ['base/lock'], duration: '1d' });
    assert.equal(await desk.sweep(), 0);
    desk.pass(2 * hour);
    assert.equal(await desk.sweep(), 1);
    desk.pass(pendingMs - 3 * hour);
    assert.equal(await desk.sweep(), 0);
    desk.pass(hour + minute);
    assert.equal(await desk.sweep(), 2, 'the one that lapsed and the one that lasted a day');
    assert.equal(await desk.sweep(), 0);
    const ends = await Promise.all([expiring, lapsing, staying].map((each) => desk.seen(each)));
    assert.deepEqual(
      ends.map(({ state, endedAt }) => [state, endedAt]),
      [
        ['expired', toTimestamp(opened + 2 * hour)],
        ['lapsed', toTimestamp(opened + pendingMs)],
        ['expired', toTimestamp(opened + 24 * hour)],
      ],
    );
    assert.deepEqual(await desk.audited(expiring), ['exception.requested', 'exception.approved', 'exception.expired']);
    assert.deepEqual(await desk.places(), {});
  });

  test('two nodes that sweep at the same instant announce each end once', async (t) => {
    const desk = await openDesk(t);
    const ending = [await desk.granted(), await desk.asked({ rules: ['base/disk'] })];
    desk.pass(pendingMs);
    const announced = await Promise.all([desk.sweep(), desk.sweep(), desk.sweep()]);
    assert.equal(
      announced.reduce((sum, each) => sum + each, 0),
      2,
    );
    for (const each of ending) {
      const ends = (await desk.audited(each)).filter((type) => /lapsed|expired/.test(type));
      assert.equal(ends.length, 1);
    }
  });
});

describe('evidence', () => {
  test('that every rule passes resolves it, and frees the place', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted({ rules: ['base/firewall', 'base/lock'] });
    await desk.report(desk.laptop, posture({ firewall: true }, opened));
    assert.equal((await desk.seen(exception)).state, 'active', 'one of two is not all');
    await desk.report(desk.laptop, posture({ firewall: true, lock: true }, opened));
    const seen = await desk.seen(exception);
    assert.deepEqual([seen.state, seen.endedReason], ['resolved', 'The device passes by itself.']);
    assert.deepEqual(await desk.places(), {});
    assert.deepEqual((await desk.audited(exception)).slice(-1), ['exception.resolved']);
  });

  test('that is worse than what was approved voids it, and the log says which rule', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.asked({ rules: ['base/disk'] });
    await desk.act(desk.bob, 'approve', exception);
    await desk.act(desk.eve, 'approve', exception);
    await desk.report(desk.laptop, posture({ disk: 'partial' }, opened));
    assert.equal((await desk.seen(exception)).state, 'active', 'as bad as it was');
    await desk.report(desk.laptop, posture({ disk: 'none' }, opened));
    const seen = await desk.seen(exception);
    assert.deepEqual(
      [seen.state, seen.endedReason],
      ['voided', '"Disk" is worse than when the exception was approved.'],
    );
    const { data } = (await desk.entries(exception.id)).at(-1) ?? {};
    assert.deepEqual([data?.['cause'], data?.['rule']], ['posture-worse', 'base/disk']);
  });

  test('is compared with what was there at the approval, which may be better than at the request', async (t) => {
    const desk = await openDesk(t);
    await desk.report(desk.laptop, posture({ disk: 'none' }, opened));
    const waiting = await desk.asked({ rules: ['base/disk'] });
    await desk.act(desk.bob, 'approve', waiting);
    await desk.report(desk.laptop, posture({ disk: 'partial' }, opened));
    await desk.act(desk.eve, 'approve', waiting);
    assert.equal((await desk.seen(waiting)).live, true);
    await desk.report(desk.laptop, posture({ disk: 'none' }, opened));
    assert.equal((await desk.seen(waiting)).state, 'voided');
  });

  test('of a rule for one resource counts too, though the device is asked about none', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted({ rules: ['payroll/space'], resources: [payroll] });
    await desk.report(desk.laptop, posture({}, opened));
    assert.equal((await desk.seen(exception)).state, 'active');
    await desk.report(desk.laptop, posture({ freePercent: 90 }, opened));
    assert.equal((await desk.seen(exception)).state, 'resolved');
  });

  test('leaves alone what waits and what is over', async (t) => {
    const desk = await openDesk(t);
    const waiting = await desk.asked({ rules: ['base/lock'] });
    const over = await desk.granted();
    desk.pass(2 * hour);
    await desk.report(desk.laptop, posture({ firewall: true, lock: true }, opened));
    assert.equal((await desk.seen(waiting)).state, 'pending');
    assert.equal((await desk.seen(over)).state, 'expired');
    assert.equal(await desk.sweep(), 1);
  });
});

describe('whether it is live', () => {
  test('is told as it is, before any attestation has recorded it', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted();
    assert.equal((await desk.seen(exception)).live, true);
    await desk.publish(basePolicy({ firewall: '{ max_duration: 7h, max_total: 12h, approvals: 1 }' }));
    const raised = await desk.seen(exception);
    assert.deepEqual([raised.state, raised.live], ['active', false], 'the policy was raised');
  });

  test('ends with the owner and with the key', async (t) => {
    const desk = await openDesk(t);
    const exception = await desk.granted();
    await desk.change('devices', desk.laptop.id, { jkt: 'n'.repeat(43) });
    assert.equal((await desk.seen(exception)).live, false);
    await desk.change('devices', desk.laptop.id, { jkt: desk.laptop.jkt });
    assert.equal((await desk.seen(exception)).live, true);
    await desk.change('devices', desk.laptop.id, { owner_id: desk.bob.id });
    assert.equal((await desk.seen(exception)).live, false);
  });
});
