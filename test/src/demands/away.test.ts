import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { identifiers, reading } from '@postern/server/attestation/testing/readings';
import { hour, minute } from '@postern/shared/time';
import { totp } from '../support/totp.ts';
import { app, Demand, vault } from './scene.ts';

/** Machines look after themselves: what no machine does that nobody prepared. */
const guests = `
policy: guests
title: Guests
max_age: 1h
rules:
  - { id: updates, title: Updates, check: automatic-updates, require: value.enabled, expected: by themselves, time_to_fix: '0', exceptions: { max_duration: 3d, max_total: 7d, approvals: 1 } }
`;
const updates = ['guests/updates'];

const unprepared = ({ backend }: Demand) => ({
  'automatic-updates': reading({ enabled: false, mechanism: 'unattended-upgrades' }, backend.clock.now()),
});

const anotherMachine = ({ backend }: Demand) =>
  identifiers({ serial: 'HOTEL-1', hardwareUuid: '5d5d5d5d-0001', machineIdHash: 'm2' }, backend.clock.now());

describe('people who cannot wait', () => {
  test('demand 37: the laptop of a contractor works three calls after it was refused', async (t) => {
    const demand = await Demand.open(t);
    const { laptop, people, backend } = demand;
    await backend.publish(guests, people.ada);
    await laptop.attest({}, unprepared(demand));
    const wish = {
      rules: updates,
      resources: [app],
      template: 'contractor-laptop',
      duration: '8h',
      reasonCode: 'contract-work',
    };
    assert.equal((await demand.ask(wish)).body['error_code'], 'template_not_for_you', 'it is nobody’s own yet');
    const reason = 'Erin works on her own machine';
    const owned = await people.ada.post(`/v1/admin/devices/${laptop.fake.id}/ownership`, {
      ownership: 'personal',
      reason,
    });
    assert.ok(owned.status < 300, JSON.stringify(owned.body));
    assert.equal(await demand.refusal(), 'posture_refused');
    await demand.told('bob');

    const asked = await demand.ask(wish);
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const id = String(asked.body['id']);
    assert.deepEqual(await demand.told('bob'), [`exception.requested ${id}`], 'nobody has to be rung up');
    const approved = await demand.act('bob', id, 'approve');
    assert.equal(approved.body['state'], 'active', JSON.stringify(approved.body));
    const token = await laptop.token({ resource: app });
    assert.equal(token.status, 200, JSON.stringify(token.body));

    assert.equal(await demand.refusal(laptop, vault), 'posture_refused', 'and nothing else does');
    backend.clock.advance(8 * hour);
    await laptop.attest({}, unprepared(demand));
    assert.equal(await demand.refusal(), 'posture_refused');
    assert.equal((await demand.seen(id))['state'], 'expired');
  });

  test('demand 37: who travels without the registered device works on another three calls after it is there', async (t) => {
    const demand = await Demand.open(t);
    const { people, backend, laptop } = demand;
    await backend.publish(guests, people.ada);
    // What nobody gave a tier counts as high, and takes a second approver.
    const tiered = await people.ada.call('PUT', '/v1/admin/resources', { name: app, tier: 'medium' });
    assert.equal(tiered.status, 200, JSON.stringify(tiered.body));
    // At home, before she left: an authenticator app.
    const made = await people.erin.post('/v1/me/authenticator-app', {});
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const code = () => totp(String(made.body['secret']), backend.clock.now());
    const confirmed = await people.erin.post('/v1/me/authenticator-app/confirm', { code: code() });
    assert.equal(confirmed.status, 204, JSON.stringify(confirmed.body));
    backend.clock.advance(minute);

    const lost = { reason: 'Left behind in a train' };
    assert.equal((await people.ada.post(`/v1/admin/devices/${laptop.fake.id}/suspend`, lost)).status, 200);
    const report = () => ({ ...unprepared(demand), identifiers: anotherMachine(demand) });
    const borrowed = await demand.anotherDevice('erin@example.org', report());
    await borrowed.attest({}, report());
    assert.equal(await demand.refusal(borrowed), 'posture_refused');
    const wish = {
      rules: updates,
      resources: [app],
      template: 'travelling',
      duration: '4h',
      reasonCode: 'lost-or-stolen',
    };
    const unproven = await demand.ask(wish, borrowed);
    assert.equal(unproven.body['error_code'], 'step_up_required', 'whoever has the machine is not Erin yet');
    const blanket = await demand.ask({ ...wish, resources: [] }, borrowed);
    assert.equal(blanket.body['error_code'], 'template_not_for_you', 'it names what it is for');

    const asked = await demand.ask({ ...wish, stepUp: { kind: 'code', code: code() } }, borrowed);
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const id = String(asked.body['id']);
    const approved = await demand.act('bob', id, 'approve');
    assert.equal(approved.body['state'], 'active', JSON.stringify(approved.body));
    const token = await borrowed.token({ resource: app });
    assert.equal(token.status, 200, JSON.stringify(token.body));

    assert.equal(await demand.refusal(borrowed, vault), 'posture_refused');
    assert.equal(await demand.refusal(laptop), 'device_suspended', 'what was lost stays out');
    backend.clock.advance(4 * hour);
    await borrowed.attest({}, report());
    assert.equal(await demand.refusal(borrowed), 'posture_refused');
  });
});
