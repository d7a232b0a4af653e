import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnonymousRefusals } from '../audit/index.ts';
import { createDeviceAuthenticator } from './device-authenticator.ts';
import { fakeDevice } from './testing/fake-device.ts';
import { refusedWith } from './testing/refused-with.ts';
import { issuer, ownerId, start, startTokenService, type TokenService } from './testing/token-service.ts';

const path = '/v1/exceptions';

function presented(proof: string | undefined, url = issuer + path) {
  const header = (name: string) => (name === 'dpop' ? proof : undefined);
  return { method: 'POST', url, header, now: start, remoteAddress: '127.0.0.1' };
}

const authenticatorOf = ({ store, nonces }: TokenService) =>
  createDeviceAuthenticator({ store, nonces, anonymousRefusals: new AnonymousRefusals() });

describe('a device', () => {
  it('is known by its proof', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    assert.deepEqual(await authenticatorOf(service)(presented(await service.proofFor(device, path))), {
      kind: 'device',
      id: device.id,
      jkt: device.jkt,
      state: 'active',
      ownerId,
      ownerName: 'Ada',
    });
  });

  for (const state of ['pending', 'suspended'] as const) {
    it(`that is ${state} is let in, and the caller says so`, async (t) => {
      const service = await startTokenService(t);
      const device = await service.enrol({ device: { state } });
      assert.equal((await authenticatorOf(service)(presented(await service.proofFor(device, path)))).state, state);
    });
  }

  it('that is retired is refused', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ device: { state: 'retired' } });
    await assert.rejects(
      authenticatorOf(service)(presented(await service.proofFor(device, path))),
      refusedWith('device_retired'),
    );
  });

  it('that nobody enrolled is refused', async (t) => {
    const service = await startTokenService(t);
    const proof = await service.proofFor(await fakeDevice(), path);
    await assert.rejects(authenticatorOf(service)(presented(proof)), refusedWith('device_unknown'));
  });

  it('that nobody enrolled is refused too when it dates its proof with a fraction of a second', async (t) => {
    const service = await startTokenService(t);
    const stranger = await fakeDevice();
    const made = { method: 'POST', url: issuer + path, nonce: service.nonces.issue(start), now: start };
    const proof = await stranger.proof(made, { claims: { iat: start / 1000 + 0.000_1 } });
    await assert.rejects(authenticatorOf(service)(presented(proof)), refusedWith('device_unknown'));
  });

  it('that is not known leaves twenty entries a minute, however often it asks', async (t) => {
    const service = await startTokenService(t);
    const authenticate = authenticatorOf(service);
    const before = (await service.auditTypes()).length;
    for (let count = 0; count < 30; count += 1)
      await assert.rejects(authenticate(presented('garbage')), refusedWith('proof_invalid'));
    assert.equal((await service.auditTypes()).length - before, 20);
    const stranger = await fakeDevice();
    await assert.rejects(
      authenticate(presented(await service.proofFor(stranger, path))),
      refusedWith('device_unknown'),
    );
    assert.equal((await service.auditTypes()).at(-1), 'proof.refused device_unknown');
  });

  it('must show a proof for this address, and each once', async (t) => {
    const service = await startTokenService(t);
    const authenticate = authenticatorOf(service);
    const proof = await service.proofFor(await service.enrol(), path);
    await assert.rejects(authenticate(presented(undefined)), refusedWith('proof_missing'));
    await assert.rejects(authenticate(presented(proof, `${issuer}/v1/device`)), refusedWith('proof_other_url'));
    await authenticate(presented(proof));
    await assert.rejects(authenticate(presented(proof)), refusedWith('proof_replayed'));
    assert.deepEqual((await service.auditTypes()).slice(1), [
      'proof.refused proof_other_url',
      'proof.refused proof_replayed',
    ]);
  });
});
