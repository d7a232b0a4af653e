import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minute } from '@postern/shared/time';
import { identifiers, someReadings } from './testing/readings.ts';
import { openTestBackend, type TestBackend } from './testing/test-backend.ts';

interface Detail {
  quarantine: { cause: string } | null;
  conflicts: { seq: number; cause: string }[];
  sameHardware: { id: string; state: string; quarantined: boolean }[];
}

const detailOf = async (backend: TestBackend, { id }: { id: string }) =>
  (await backend.call<Detail>('GET', `/v1/admin/devices/${id}`, { as: backend.ada })).body;

const machine = (serial: string | null, hardwareUuid: string | null, machineIdHash: string | null) =>
  someReadings(0, { identifiers: identifiers({ serial, hardwareUuid, machineIdHash }, 0) });

describe('a machine that is enrolled again', () => {
  it('while its device is suspended is in quarantine at its first attestation, and each device shows the other', async (t) => {
    const backend = await openTestBackend(t);
    const before = await backend.enroll();
    await backend.attest(before);
    await backend.act(before, 'suspend', 'Stolen.');
    const again = await backend.enroll();
    const refused = await backend.attest(again);
    assert.deepEqual([refused.status, refused.body.error_code], [409, 'attestation_hardware_barred']);
    assert.equal((await backend.attest(again)).body.error_code, 'device_quarantined');

    const detail = await detailOf(backend, again);
    assert.equal(detail.quarantine?.cause, 'hardware-of-suspended-device');
    assert.deepEqual(detail.conflicts.at(-1)?.cause, 'hardware-of-suspended-device');
    assert.deepEqual(
      detail.sameHardware.map(({ id, state, quarantined }) => [id, state, quarantined]),
      [[before.id, 'suspended', false]],
    );
    assert.deepEqual(
      (await detailOf(backend, before)).sameHardware.map(({ id, quarantined }) => [id, quarantined]),
      [[again.id, true]],
    );
    const [entry] = await backend.audited('device.quarantined');
    assert.deepEqual(
      [entry?.subject?.id, entry?.data['cause'], entry?.data['otherDevice']],
      [again.id, 'hardware-of-suspended-device', before.id],
    );
    assert.ok((await backend.refusals()).includes('attestation_hardware_barred'));
  });

  it('while its device is in quarantine is in quarantine too, and so is the one after it', async (t) => {
    const backend = await openTestBackend(t);
    const before = await backend.enroll();
    await backend.attest(before);
    await backend.attest(before);
    before.position = { seq: 0, hash: null };
    assert.equal((await backend.attest(before)).body.error_code, 'attestation_rolled_back');
    const again = await backend.enroll();
    assert.equal((await backend.attest(again)).body.error_code, 'attestation_hardware_barred');
    await backend.act(before, 'retire');
    const third = await backend.enroll();
    assert.equal((await backend.attest(third)).body.error_code, 'attestation_hardware_barred');
  });

  for (const [field, readings] of [
    ['serial', machine('PF2ABCDE', null, null)],
    ['hardwareUuid', machine('OTHER', '4c4c4544-0042', null)],
    ['machineIdHash', machine(null, 'other', 'm1')],
  ] as const) {
    it(`is known by its ${field} alone`, async (t) => {
      const backend = await openTestBackend(t);
      const before = await backend.enroll();
      await backend.attest(before);
      await backend.act(before, 'suspend');
      const again = await backend.enroll();
      assert.equal((await backend.attest(again, readings)).body.error_code, 'attestation_hardware_barred');
    });
  }

  it('is welcome when its device is active or retired, and so is other hardware, or one that says nothing of itself', async (t) => {
    const backend = await openTestBackend(t);
    const suspended = await backend.enroll();
    await backend.attest(suspended, machine('S1', 'U1', 'M1'));
    await backend.act(suspended, 'suspend');
    for (const readings of [machine('U1', 'M1', 'S1'), machine(null, null, null), {}]) {
      assert.equal((await backend.attest(await backend.enroll(), readings)).status, 200);
    }
    const active = await backend.enroll();
    await backend.attest(active);
    assert.equal((await backend.attest(await backend.enroll())).status, 200);
    await backend.act(suspended, 'retire');
    assert.equal((await backend.attest(await backend.enroll(), machine('S1', 'U1', 'M1'))).status, 200);
  });

  it('goes on when an admin releases it, also while its other device stays suspended', async (t) => {
    const backend = await openTestBackend(t);
    const before = await backend.enroll();
    await backend.attest(before);
    await backend.act(before, 'suspend');
    const again = await backend.enroll();
    await backend.attest(again);
    assert.equal((await backend.act(again, 'release', 'New owner, disk wiped.')).status, 200);
    assert.equal((await backend.attest(again)).status, 200);
    assert.equal((await backend.attest(again)).status, 200);
  });

  it('is known by what it was before a board was replaced', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device, machine('OLD', null, 'M1'));
    await backend.attest(device, machine('NEW', null, 'M1'));
    await backend.act(device, 'release');
    assert.equal((await backend.attest(device, machine('NEW', null, 'M1'))).status, 200);
    await backend.act(device, 'suspend');
    const again = await backend.enroll();
    assert.equal(
      (await backend.attest(again, machine('OLD', null, null))).body.error_code,
      'attestation_hardware_barred',
    );
  });
});

describe('the limit of attestations', () => {
  it('follows the device and not its address: what is beyond it is refused with Retry-After and leaves nothing', async (t) => {
    const backend = await openTestBackend(t, { settings: { attestationsPerDevice: 3 } });
    const [device, other] = [await backend.enroll(), await backend.enroll()];
    backend.pass(20_000 - (backend.clock.at % minute));
    for (let count = 0; count < 3; count += 1) assert.equal((await backend.attest(device)).status, 200);
    const { position } = device;
    const rows = async () => (await backend.store.read.selectFrom('audit').select('seq').execute()).length;
    const before = await rows();
    for (let count = 0; count < 5; count += 1) {
      const { status, body, headers } = await backend.attest(device);
      assert.deepEqual([status, body.error_code, headers['retry-after']], [429, 'too_many_requests', '40']);
    }
    assert.equal(await rows(), before);
    assert.equal((await backend.factsOf(device)).evidence?.seq, 3);
    assert.equal((await backend.attest(other)).status, 200);
    backend.pass(40_000);
    device.position = position;
    assert.equal((await backend.attest(device)).status, 200);
  });

  it('is not used up by whoever sends an old text of the device again', async (t) => {
    const backend = await openTestBackend(t, { settings: { attestationsPerDevice: 3 } });
    const device = await backend.enroll();
    const wish = () => ({
      readings: someReadings(0),
      nonce: backend.nonces.issue(backend.clock.at),
      now: backend.clock.at,
    });
    const old = await device.attest(wish());
    await backend.send(old);
    for (let count = 0; count < 10; count += 1) await backend.send(old);
    backend.pass(10 * minute);
    await backend.attest(device);
    for (let count = 0; count < 10; count += 1) {
      assert.equal((await backend.send(old)).body.error_code, 'attestation_nonce');
    }
    assert.equal((await backend.attest(device)).status, 200);
  });
});

it('what nobody signed leaves twenty entries a minute and code, then a number', async (t) => {
  const backend = await openTestBackend(t);
  const device = await backend.enroll();
  const stranger = await backend.enroll();
  const forged = async () =>
    await stranger.attest({
      readings: {},
      nonce: backend.nonces.issue(backend.clock.at),
      now: backend.clock.at,
      header: { kid: device.jkt },
    });
  for (let count = 0; count < 25; count += 1) {
    assert.equal((await backend.send(await forged())).body.error_code, 'attestation_signature');
  }
  assert.equal((await backend.refusals()).length, 20);
  backend.pass(minute);
  await backend.send(await forged());
  assert.equal((await backend.audited('attestation.refused')).at(-1)?.data['alsoRefused'], 5);
});
