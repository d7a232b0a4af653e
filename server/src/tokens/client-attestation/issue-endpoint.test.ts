import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientAttestationAnswerSchema, clientAttestationClaimsSchema } from '@postern/shared/protocol/token';
import { day, hour, minute } from '@postern/shared/time';
import { updateOne } from '../../storage/change.ts';
import { askForAttestation } from '../testing/attested.ts';
import { issuer, ownerId, start, startTokenService } from '../testing/token-service.ts';

const seconds = start / 1000;

describe('a client attestation', () => {
  it('says which key the device has, until the evidence goes stale', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ receivedAt: start - 5 * minute });
    const { status, body, headers } = await askForAttestation(service, device);
    assert.equal(status, 200);
    assert.equal(headers['Cache-Control'], 'no-store');
    const answer = clientAttestationAnswerSchema.parse(body);
    assert.equal(answer.expires_in, 600);
    const claims = await service.signingKeys.verify(answer.client_attestation, 'oauth-client-attestation+jwt');
    assert.deepEqual(claims, {
      iss: issuer,
      sub: device.id,
      iat: seconds,
      exp: seconds + 600,
      cnf: { jwk: device.jwk },
    });
    assert.ok(clientAttestationClaimsSchema.safeParse(claims).success);
  });

  it('can be taken for no access token', async (t) => {
    const service = await startTokenService(t);
    const { body } = await askForAttestation(service, await service.enrol());
    const { client_attestation: text } = clientAttestationAnswerSchema.parse(body);
    assert.equal(await service.signingKeys.verify(text, 'at+jwt'), undefined);
  });

  const refused = [
    ['that waits for an admin', { device: { state: 'pending' } }, 'device_pending'],
    ['that is suspended', { device: { state: 'suspended' } }, 'device_suspended'],
    ['in quarantine', { device: { quarantine_cause: 'forked', quarantined_at: start } }, 'device_quarantined'],
    ['that never attested', { silent: true }, 'never_attested'],
    ['with stale evidence', { receivedAt: start - hour }, 'evidence_stale'],
    ['that does not meet the policy', { firewall: false, failingSince: start - 2 * day }, 'posture_refused'],
  ] as const;
  for (const [what, change, code] of refused) {
    it(`is refused to a device ${what}`, async (t) => {
      const service = await startTokenService(t);
      const outcome = await askForAttestation(service, await service.enrol(change));
      assert.equal(outcome.code, code);
      if (code === 'posture_refused')
        assert.equal((outcome.body as { posture_status: string }).posture_status, 'non-compliant');
    });
  }

  it('is refused to the device of a person who has no access any more, and for a key that it had', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    assert.equal((await askForAttestation(service, { ...device, jkt: 'x'.repeat(43) })).code, 'device_unknown');
    await service.store.commit({ audit: [], changes: [updateOne('users', { id: ownerId }, { active: 0 })] });
    assert.equal((await askForAttestation(service, device)).code, 'owner_inactive');
  });
});
