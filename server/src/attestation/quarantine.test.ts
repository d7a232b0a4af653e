import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minute } from '@postern/shared/time';
import { identifiers, reading, someReadings } from './testing/readings.ts';
import { openTestBackend } from './testing/test-backend.ts';

describe('two machines with one key', () => {
  it('are found when both go on from the same attestation, and both histories are shown', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const copy = device.clone();
    assert.equal((await backend.attest(device)).status, 200);
    const refused = await backend.attest(
      copy,
      someReadings(backend.clock.at, { firewall: reading({ enabled: false, provider: 'ufw' }, 0) }),
    );
    assert.deepEqual([refused.status, refused.body.error_code], [409, 'attestation_rolled_back']);
    assert.equal((await backend.factsOf(device)).quarantine?.cause, 'rolled-back');
    assert.equal((await backend.attest(device)).body.error_code, 'device_quarantined');

    const { body } = await backend.call<{
      attestations: { seq: number }[];
      conflicts: { seq: number; hash: string; cause: string; prev: string }[];
    }>('GET', `/v1/admin/devices/${device.id}`, { as: backend.ada });
    assert.deepEqual(
      body.attestations.map(({ seq }) => seq),
      [2, 1],
    );
    assert.deepEqual(
      body.conflicts.map(({ seq, cause }) => [seq, cause]),
      [
        [3, 'in-quarantine'],
        [2, 'rolled-back'],
      ],
    );
    assert.equal(body.conflicts[1]?.hash, copy.position.hash);
    assert.equal((await backend.audited('device.quarantined')).length, 1);
    assert.deepEqual(await backend.refusals(), ['attestation_rolled_back', 'device_quarantined']);
  });

  it('are found when the copy is ahead', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const copy = device.clone();
    await backend.attest(copy);
    await backend.attest(copy);
    assert.equal((await backend.attest(device)).body.error_code, 'attestation_rolled_back');
  });

  it('are found when one has signed what never arrived here', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    await device.attest({ readings: {}, nonce: 'lost', now: backend.clock.at });
    assert.equal((await backend.attest(device)).body.error_code, 'attestation_forked');
    assert.equal((await backend.factsOf(device)).quarantine?.cause, 'forked');
  });

  it('are found when they report at the same moment: one is accepted, and then the key is in quarantine', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const machines = [device, device.clone(), device.clone(), device.clone()];
    const answers = await Promise.all(
      machines.map((machine, index) =>
        backend.attest(
          machine,
          someReadings(backend.clock.at, { uptime: reading({ startedAt: `2026-11-2${index}T00:00:00Z` }, 0) }),
        ),
      ),
    );
    const codes = answers.map(({ body }) => body.error_code ?? 'accepted');
    assert.equal(codes.filter((code) => code === 'accepted').length, 1);
    assert.equal(codes.filter((code) => code === 'attestation_rolled_back').length, 1);
    assert.equal(codes.filter((code) => code === 'device_quarantined').length, 2);
    const facts = await backend.factsOf(device);
    assert.deepEqual([facts.evidence?.seq, facts.quarantine?.cause], [2, 'rolled-back']);
    assert.equal((await backend.audited('device.quarantined')).length, 1);
  });

  it('are found when they report at the same moment under different numbers', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const machines = [2, 3, 4, 5].map((seq) => ({ machine: device.clone(), seq }));
    const answers = await Promise.all(
      machines.map(({ machine, seq }) => backend.attest(machine, someReadings(0), { claims: { seq } })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.notEqual((await backend.factsOf(device)).quarantine, null);
    const accepted = await backend.store.read.selectFrom('attestations').select('seq').execute();
    assert.equal(accepted.length, 2);
  });

  it('are found by their hardware, but a field that falls silent is no other machine', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const silent = identifiers({ serial: null, hardwareUuid: null, machineIdHash: null }, backend.clock.at);
    assert.equal((await backend.attest(device, someReadings(backend.clock.at, { identifiers: silent }))).status, 200);
    const other = identifiers({ serial: 'OTHER', hardwareUuid: null, machineIdHash: null }, backend.clock.at);
    const refused = await backend.attest(device, someReadings(backend.clock.at, { identifiers: other }));
    assert.equal(refused.body.error_code, 'attestation_hardware_changed');
    assert.equal((await backend.factsOf(device)).quarantine?.cause, 'hardware-changed');
  });
});

describe('one attestation sent many times at once', () => {
  it('is accepted once and is a replay otherwise, with no quarantine', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    const jws = await device.attest({
      readings: someReadings(0),
      nonce: backend.nonces.issue(backend.clock.at),
      now: backend.clock.at,
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => backend.send(jws)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ body }) => body.error_code === 'attestation_replayed').length, 7);
    assert.equal((await backend.factsOf(device)).quarantine, null);
  });
});

describe('a device in quarantine', () => {
  it('cannot fill the disk: what it sends is kept once, and only so much of it', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    await backend.attest(device.clone());
    for (let count = 0; count < 30; count += 1) {
      assert.equal((await backend.attest(device)).status === 200, false);
    }
    const rows = await backend.store.read.selectFrom('attestation_conflicts').select('hash').execute();
    assert.equal(rows.length, 20);
    assert.equal((await backend.refusals()).length, 20);
  });

  it('starts a fresh history when an admin releases it', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const copy = device.clone();
    await backend.attest(device);
    await backend.attest(copy);
    const conflicting = await device.attest({
      readings: someReadings(0),
      nonce: backend.nonces.issue(backend.clock.at),
      now: backend.clock.at,
    });
    await backend.send(conflicting);

    assert.equal(
      (await backend.act(device, 'release', 'Restored from a backup; the old disk is destroyed.')).status,
      200,
    );
    const [released] = await backend.audited('device.released');
    assert.equal(released?.data['cause'], 'rolled-back');
    const waiting = await backend.ownState(device);
    assert.equal(waiting.body.verdict?.status, 'stale');
    assert.equal(waiting.body.quarantined, false);

    assert.equal((await backend.send(conflicting)).body.error_code, 'attestation_replayed');
    assert.equal((await backend.attest(device)).status, 200);
    assert.equal((await backend.attest(device)).status, 200);
    // The other machine is still out there: it does not fit the history that began.
    copy.position.seq = device.position.seq;
    assert.equal((await backend.attest(copy)).body.error_code, 'attestation_forked');
  });

  it('goes on from what it is told after a release, also with other hardware', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const board = someReadings(0, {
      identifiers: identifiers({ serial: 'NEW-BOARD', hardwareUuid: null, machineIdHash: 'm1' }, 0),
    });
    assert.equal((await backend.attest(device, board)).body.error_code, 'attestation_hardware_changed');
    await backend.act(device, 'release', 'New main board.');
    device.resync((await backend.ownState(device)).body.attestation);
    assert.equal((await backend.attest(device, board)).status, 200);
    backend.pass(minute);
    assert.equal((await backend.attest(device)).body.error_code, 'attestation_hardware_changed');
  });

  it('that was never accepted anything can be released too', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    device.position = { seq: 9, hash: 'x'.repeat(43) };
    assert.equal((await backend.attest(device)).body.error_code, 'attestation_forked');
    await backend.act(device, 'release');
    assert.equal((await backend.attest(device)).status, 200);
  });
});

describe('a device that never got its answer', () => {
  it('reads where it stands and goes on from there', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const before = { ...device.position };
    await backend.attest(device);
    // The answer was lost: the device knows what it signed, and not what arrived.
    device.position = before;
    device.resync((await backend.ownState(device)).body.attestation);
    assert.equal((await backend.attest(device)).status, 200);
    assert.equal((await backend.factsOf(device)).evidence?.seq, 3);
  });

  it('reads where it stands when the attestation never arrived', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    await device.attest({ readings: {}, nonce: 'lost', now: backend.clock.at });
    device.resync((await backend.ownState(device)).body.attestation);
    assert.equal((await backend.attest(device)).status, 200);
  });
});
