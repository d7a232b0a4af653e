import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, hour, minute, second } from '@postern/shared/time';
import { updateAny } from '../storage/change.ts';
import { payroll, posture, wiki } from '../exceptions/testing/policy.ts';
import { eventOf, issuer, openSignalsDesk, type SignalsDesk, type Told } from './testing/signals-desk.ts';

const good = { firewall: true, disk: 'full', lock: true } as const;

/** What was told, as `type` and what matters of it. */
const short = (told: readonly Told[]) =>
  told.map((each) => {
    const { type, claims } = eventOf(each);
    const status = claims['current_status'] ?? claims['change_type'];
    return typeof status === 'string' ? `${type} ${status}` : type;
  });

/** An attestation, as far as signals see it: the posture and the entry that says that the verdict is another. */
async function reports(desk: SignalsDesk, state: Parameters<typeof posture>[0], device = desk.laptop): Promise<void> {
  await desk.report(device, posture(state, desk.clock.at));
  await desk.store.commit({
    changes: [updateAny('evidence', { device_id: device.id }, { received_at: desk.clock.at })],
    audit: [],
  });
  await desk.record({
    type: 'verdict.changed',
    actor: { kind: 'device', id: device.id },
    subject: { kind: 'device', id: device.id },
  });
}

async function openPolled(t: Parameters<typeof openSignalsDesk>[0]) {
  const desk = await openSignalsDesk(t);
  await desk.addStream(desk.gateway);
  await desk.follow();
  assert.deepEqual(await desk.events(), [], 'what was there before is no news');
  return desk;
}

describe('a device that stops meeting the policy', () => {
  test('is told to be not compliant, with the rule, and compliant when it meets it again', async (t) => {
    const desk = await openPolled(t);
    await reports(desk, good);
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change compliant']);
    desk.pass(minute);
    await reports(desk, { ...good, firewall: false });
    const [told, ...more] = await desk.news(desk.gateway);
    assert.ok(told);
    assert.deepEqual(more, []);
    assert.deepEqual(told.sub_id, {
      format: 'complex',
      device: { format: 'iss_sub', iss: issuer, sub: desk.laptop.id },
      user: { format: 'iss_sub', iss: issuer, sub: desk.erin.id },
    });
    assert.deepEqual(eventOf(told).claims, {
      previous_status: 'compliant',
      current_status: 'not-compliant',
      initiating_entity: 'policy',
      reason_admin: { en: 'The device does not meet the policy. Rules: base/firewall.' },
      event_timestamp: Math.floor(desk.clock.at / second),
    });
    assert.equal(told.aud, desk.gateway.id);
    assert.equal(told.iss, issuer);
    assert.equal('sub' in told || 'exp' in told, false);
    desk.pass(minute);
    await reports(desk, good);
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change compliant']);
  });

  test('is told once, however often it says the same', async (t) => {
    const desk = await openPolled(t);
    await reports(desk, good);
    await desk.news(desk.gateway);
    for (let count = 0; count < 3; count += 1) await reports(desk, { ...good, firewall: false });
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change not-compliant']);
    await reports(desk, { ...good, firewall: false });
    assert.deepEqual(short(await desk.news(desk.gateway)), []);
  });

  test('is told when its time to fix is over, its evidence too old, and when it reports again, without any entry', async (t) => {
    const desk = await openPolled(t);
    await reports(desk, { ...good, lock: false });
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change compliant'], 'in grace');
    desk.pass(hour - 1);
    assert.deepEqual(await desk.news(desk.gateway), []);
    desk.pass(1);
    const [stale] = await desk.news(desk.gateway);
    assert.ok(stale);
    assert.deepEqual(eventOf(stale).claims['reason_admin'], { en: 'The device has not reported its posture in time.' });
    assert.equal(eventOf(stale).claims['event_timestamp'], Math.floor(desk.clock.at / second));
    desk.pass(minute);
    // It reports what it did before, so that no entry says so.
    const fresh = updateAny('evidence', { device_id: desk.laptop.id }, { received_at: desk.clock.at });
    await desk.store.commit({ changes: [fresh], audit: [] });
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change compliant']);
    for (let passed = 0; passed < 23; passed += 1) {
      desk.pass(hour - minute);
      const received = updateAny('evidence', { device_id: desk.laptop.id }, { received_at: desk.clock.at });
      await desk.store.commit({ changes: [received], audit: [] });
      assert.deepEqual(await desk.news(desk.gateway), []);
    }
    desk.pass(30 * minute);
    const [late] = await desk.news(desk.gateway);
    assert.ok(late, 'the time to fix of a day is over');
    assert.deepEqual(eventOf(late).claims['reason_admin'], {
      en: 'The device does not meet the policy. Rules: base/lock.',
    });
  });

  test('is told when another policy is put into force, devices of a fleet by portions', async (t) => {
    const desk = await openPolled(t);
    const fleet = [desk.laptop];
    for (let count = 0; count < 60; count += 1) fleet.push(await desk.addDevice(desk.bob));
    for (const device of fleet) await reports(desk, { ...good, firewall: false }, device);
    await desk.follow();
    assert.deepEqual(await desk.news(desk.gateway), []);
    await desk.publish(`
policy: base
title: Base
max_age: 1h
rules:
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, time_to_fix: 30d }
`);
    await desk.follow();
    const { told } = await desk.poll(desk.gateway, { maxEvents: 500 });
    assert.equal(told.length, fleet.length);
    assert.ok(short(told).every((each) => each === 'device-compliance-change compliant'));
    await desk.follow();
    assert.equal((await desk.events()).length, fleet.length, 'once');
  });
});

describe('a device that was too late', () => {
  test('is told to be compliant within a second of its report, where that came to this node', async (t) => {
    const desk = await openPolled(t);
    await reports(desk, good);
    await desk.news(desk.gateway);
    desk.pass(hour);
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change not-compliant']);
    desk.pass(20 * second);
    const received = updateAny('evidence', { device_id: desk.laptop.id }, { received_at: desk.clock.at });
    await desk.store.commit({ changes: [received], audit: [] });
    assert.deepEqual(await desk.news(desk.gateway), [], 'nobody has said so');
    desk.signaller.hasReported(desk.laptop.id);
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change compliant']);
  });
});

describe('sessions', () => {
  test('end with an exception, whichever way it ends: for gateways of the resources that it was for', async (t) => {
    const desk = await openPolled(t);
    const other = await desk.addGateway([wiki]);
    await desk.addStream(other);
    const ends = {
      revoked: await desk.granted({ rules: ['base/firewall'], resources: [payroll] }),
      expired: await desk.granted({ rules: ['base/lock'], duration: '2h' }),
    };
    await desk.follow();
    await desk.act(desk.bob, 'revoke', ends.revoked, { reason: 'Enough of it' });
    const revoked = await desk.news(desk.gateway);
    assert.deepEqual(short(revoked), ['session-revoked']);
    assert.deepEqual(revoked[0]?.sub_id, {
      format: 'complex',
      device: { format: 'iss_sub', iss: issuer, sub: desk.laptop.id },
      user: { format: 'iss_sub', iss: issuer, sub: desk.erin.id },
      session: { format: 'opaque', id: ends.revoked.id },
    });
    assert.deepEqual(await desk.news(other), [], 'the wiki has nothing to do with it');
    desk.pass(2 * hour);
    const expired = await desk.news(desk.gateway);
    assert.deepEqual(short(expired), ['session-revoked']);
    assert.deepEqual(expired[0]?.sub_id['session'], { format: 'opaque', id: ends.expired.id });
    assert.equal((await desk.news(other)).length, 1);
  });

  test('do not end with what was never granted', async (t) => {
    const desk = await openPolled(t);
    await desk.own('withdraw', await desk.asked());
    await desk.asked({ rules: ['base/lock'] });
    desk.pass(2 * day);
    assert.deepEqual(short(await desk.news(desk.gateway)), []);
  });

  test('of a device end when it is suspended or retired, and its key with it', async (t) => {
    const desk = await openPolled(t);
    await reports(desk, good);
    await desk.news(desk.gateway);
    await desk.actOn(desk.laptop, 'device.suspended');
    const told = await desk.news(desk.gateway);
    assert.deepEqual(short(told), ['session-revoked', 'device-compliance-change not-compliant']);
    assert.equal(new Set(told.map(({ txn }) => txn)).size, 1, 'of one cause');
    assert.equal(eventOf(told[0] as Told).claims['initiating_entity'], 'admin');
    await desk.actOn(desk.laptop, 'device.resumed');
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change compliant']);
    await desk.actOn(desk.laptop, 'device.retired');
    assert.deepEqual(short(await desk.news(desk.gateway)), [
      'session-revoked',
      'credential-change revoke',
      'device-compliance-change not-compliant',
    ]);
  });

  test('of a person end when they leave, on all their devices', async (t) => {
    const desk = await openPolled(t);
    const second = await desk.addDevice(desk.erin);
    for (const device of [desk.laptop, second]) await reports(desk, good, device);
    await desk.news(desk.gateway);
    const subject = { kind: 'person', id: desk.erin.id };
    await desk.change('users', desk.erin.id, { active: 0 });
    await desk.record({ type: 'user.changed', subject, data: { active: false } });
    const told = await desk.news(desk.gateway);
    assert.deepEqual(short(told), [
      'session-revoked',
      'device-compliance-change not-compliant',
      'device-compliance-change not-compliant',
    ]);
    assert.deepEqual(told[0]?.sub_id, {
      format: 'complex',
      user: { format: 'iss_sub', iss: issuer, sub: desk.erin.id },
    });
  });

  test('of everybody end when the keys of tokens are replaced in an emergency, not when they are on schedule or sign signals', async (t) => {
    const desk = await openPolled(t);
    for (const data of [{ cause: 'schedule' }, { cause: 'emergency', use: 'signal' }])
      await desk.record({ type: 'signing-key.rotated', data });
    assert.deepEqual(await desk.news(desk.gateway), []);
    await desk.record({ type: 'signing-key.rotated', data: { cause: 'emergency', use: 'access-token' } });
    const [told] = await desk.news(desk.gateway);
    assert.deepEqual(told?.sub_id, { format: 'complex', tenant: { format: 'opaque', id: issuer } });
  });

  test('of a token that was revoked end at the gateway that it is for', async (t) => {
    const desk = await openPolled(t);
    const other = await desk.addGateway(['https://elsewhere.example']);
    await desk.addStream(other);
    const session = `tok_${'a'.repeat(32)}`;
    const data = { device: desk.laptop.id, resource: payroll };
    await desk.record({ type: 'token.revoked', subject: { kind: 'token', id: session }, data });
    const [told] = await desk.news(desk.gateway);
    assert.deepEqual(told?.sub_id['session'], { format: 'opaque', id: session });
    assert.deepEqual(told?.sub_id['device'], { format: 'iss_sub', iss: issuer, sub: desk.laptop.id });
    assert.deepEqual(await desk.news(other), []);
  });
});

describe('credentials', () => {
  test('of people and devices are told as they come and go', async (t) => {
    const desk = await openPolled(t);
    const subject = { kind: 'person', id: desk.erin.id };
    const actor = { kind: 'person', id: desk.erin.id } as const;
    for (const type of ['passkey.added', 'authenticator-app.added', 'passkey.removed'] as const)
      await desk.record({ type, actor, subject, data: { passkey: 'none that is known' } });
    await desk.record({
      type: 'device.enrolled',
      actor: { kind: 'device', id: desk.laptop.id },
      subject: { kind: 'device', id: desk.laptop.id },
    });
    const told = (await desk.news(desk.gateway)).map((each) => eventOf(each).claims);
    assert.deepEqual(
      told.map((claims) => [claims['credential_type'], claims['change_type'], claims['initiating_entity']]),
      [
        ['fido2-roaming', 'create', 'user'],
        ['app', 'create', 'user'],
        ['fido2-roaming', 'delete', 'user'],
        ['device-key', 'create', 'user'],
      ],
    );
    assert.ok(told.every((claims) => /^\w.*\.$/.test((claims['reason_admin'] as { en: string }).en)));
  });
});

describe('the audit as outbox', () => {
  test('what a thousand tokens leave in it is read past, and what follows is told', async (t) => {
    const desk = await openPolled(t);
    const token = {
      at: desk.clock.at,
      type: 'token.issued' as const,
      outcome: 'success' as const,
      actor: { kind: 'device' as const, id: desk.laptop.id },
      subject: null,
      data: {},
    };
    await desk.store.commit({ changes: [], audit: Array.from({ length: 6000 }, () => token) });
    await desk.actOn(desk.laptop, 'device.suspended');
    await desk.store.commit({ changes: [], audit: [token] });
    assert.deepEqual(short(await desk.news(desk.gateway)), ['session-revoked']);
  });

  test('a refused attempt happened to nobody', async (t) => {
    const desk = await openPolled(t);
    await desk.record({
      type: 'device.suspended',
      outcome: 'failure',
      subject: { kind: 'device', id: desk.laptop.id },
    });
    assert.deepEqual(await desk.news(desk.gateway), []);
  });

  test('of a node that dies before its events are written nothing is lost, and nothing is told twice', async (t) => {
    const desk = await openPolled(t);
    await desk.actOn(desk.laptop, 'device.suspended');
    const dying = desk.nodeOn({ ...desk.store, commit: () => Promise.reject(new Error('killed')) });
    await assert.rejects(desk.follow(dying.signaller), /killed/);
    assert.deepEqual(await desk.events(), []);
    assert.deepEqual(short(await desk.news(desk.gateway)), ['session-revoked']);
    assert.deepEqual(await desk.news(desk.gateway), []);
  });

  test('of nodes that follow at once, each event is made once, in the order in which things happened', async (t) => {
    const desk = await openPolled(t);
    const others = [1, 2, 3].map(() => desk.nodeOn(desk.store).signaller);
    for (let turn = 0; turn < 10; turn += 1) {
      await desk.actOn(desk.laptop, turn % 2 === 0 ? 'device.suspended' : 'device.resumed');
      await Promise.all([desk.follow(), ...others.map((other) => desk.follow(other))]);
    }
    const rows = await desk.events();
    assert.equal(rows.filter(({ type }) => type.endsWith('session-revoked')).length, 5);
    assert.equal(new Set(rows.map(({ position }) => position)).size, rows.length);
    assert.deepEqual(
      rows.map(({ happened_at: at }) => at),
      rows.map(({ happened_at: at }) => at).toSorted((left, right) => left - right),
    );
  });
});

describe('what only counts for some resources', () => {
  test('is told to their gateways: as compliance where nothing is left, as the end of sessions where something is', async (t) => {
    const desk = await openPolled(t);
    const pay = await desk.addGateway([payroll]);
    const other = await desk.addGateway([wiki]);
    for (const gateway of [pay, other]) await desk.addStream(gateway);
    await reports(desk, { ...good, freePercent: 60 });
    await desk.follow();
    const all = async () => ({
      both: short(await desk.news(desk.gateway)),
      pay: short(await desk.news(pay)),
      other: short(await desk.news(other)),
    });
    const compliant = ['device-compliance-change compliant'];
    const notCompliant = ['device-compliance-change not-compliant'];
    assert.deepEqual(await all(), { both: compliant, pay: compliant, other: compliant });
    await reports(desk, { ...good, freePercent: 10 });
    assert.deepEqual(await all(), { both: ['session-revoked'], pay: notCompliant, other: [] });
    await reports(desk, { ...good, firewall: false, freePercent: 10 });
    assert.deepEqual(await all(), { both: notCompliant, pay: [], other: notCompliant });
    await reports(desk, { ...good, freePercent: 60 });
    assert.deepEqual(await all(), { both: compliant, pay: compliant, other: compliant });
  });

  test('an exception for one resource is compliance there, and ends there', async (t) => {
    const desk = await openPolled(t);
    const pay = await desk.addGateway([payroll]);
    const other = await desk.addGateway([wiki]);
    for (const gateway of [pay, other]) await desk.addStream(gateway);
    await reports(desk, { ...good, firewall: false, freePercent: 60 });
    await desk.news(pay);
    await desk.granted({ rules: ['base/firewall'], resources: [payroll], duration: '30m' });
    assert.deepEqual(short(await desk.news(pay)), ['device-compliance-change compliant']);
    assert.deepEqual(short(await desk.news(desk.gateway)), ['device-compliance-change compliant']);
    assert.deepEqual(short(await desk.news(other)), []);
    desk.pass(30 * minute);
    assert.deepEqual(short(await desk.news(pay)), ['session-revoked', 'device-compliance-change not-compliant']);
    assert.deepEqual(short(await desk.news(other)), []);
  });

  test('evidence that is too old for one resource alone is told there, and so is the next report', async (t) => {
    const desk = await openPolled(t);
    await desk.publish(`
policy: fresh
title: Fresh
max_age: 10m
applies_to: { resources: ['${payroll}'] }
rules:
  - { id: clock, title: Clock, check: clock-drift, require: value.offsetSeconds < 300, expected: right }
`);
    const pay = await desk.addGateway([payroll]);
    await desk.addStream(pay);
    await reports(desk, { ...good, freePercent: 60 });
    assert.deepEqual(short(await desk.news(pay)), ['device-compliance-change compliant']);
    await desk.news(desk.gateway);
    desk.pass(10 * minute);
    assert.deepEqual(short(await desk.news(pay)), ['device-compliance-change not-compliant']);
    assert.deepEqual(short(await desk.news(desk.gateway)), ['session-revoked']);
    desk.pass(minute);
    const received = updateAny('evidence', { device_id: desk.laptop.id }, { received_at: desk.clock.at });
    await desk.store.commit({ changes: [received], audit: [] });
    assert.deepEqual(short(await desk.news(pay)), ['device-compliance-change compliant']);
  });

  test('a gateway that comes later hears of devices that it is not to trust', async (t) => {
    const desk = await openPolled(t);
    await reports(desk, { ...good, freePercent: 10 });
    await desk.news(desk.gateway);
    const pay = await desk.addGateway([payroll]);
    await desk.call('DELETE', '/ssf/streams', desk.gateway, {
      query: {
        stream_id: (await desk.call<{ stream_id: string }[]>('GET', '/ssf/streams', desk.gateway)).body[0]?.stream_id,
      },
    });
    await desk.addStream(pay);
    await desk.follow();
    await reports(desk, { ...good, firewall: false, freePercent: 60 });
    await desk.news(pay);
    await reports(desk, { ...good, freePercent: 60 });
    assert.deepEqual(short(await desk.news(pay)), ['device-compliance-change compliant']);
    await reports(desk, { ...good, freePercent: 10 });
    assert.deepEqual(short(await desk.news(pay)), ['device-compliance-change not-compliant']);
  });
});
