import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { ClientAttestation, ClientAttestations } from '../client-attestation/verify.ts';
import { attestationHeader } from './headers.ts';
import type { ClaimedClient, ClientRequest } from './method.ts';

export const attestationErrors = [
  'client_authentication_twice',
  'client_attestation_invalid',
  'client_attestation_foreign_key',
  'client_attestation_expired',
] as const;

/**
 * Reads the attestation of a request, and makes of it what a method needs: at once where it was verified before.
 *
 * @throws Fault `client_attestation_invalid`, `client_attestation_expired`
 */
export function readAttestation<Claim>(
  attestations: ClientAttestations,
  request: ClientRequest,
  now: Instant,
  claim: (attestation: ClientAttestation) => Claim,
): Claim | Promise<Claim> {
  const text = request.header(attestationHeader);
  if (text === undefined)
    throw new Fault('client_attestation_invalid', { cause: 'a proof of possession without attestation' });
  const clientId = request.body.client_id;
  const use = (attestation: ClientAttestation): Claim => {
    if (clientId !== undefined && clientId !== attestation.deviceId)
      throw new Fault('client_attestation_invalid', { cause: 'client_id differs' });
    return claim(attestation);
  };
  const read = attestations.read(text, now);
  return read instanceof Promise ? read.then(use) : use(read);
}

/** What an attestation alone shows. The device's key in the database decides: one for a key that it had is worth nothing. */
export function claimedBy({ deviceId, jkt }: ClientAttestation): ClaimedClient {
  return {
    deviceId,
    verify(device) {
      if (jkt !== device.jkt) throw new Fault('client_attestation_foreign_key');
      return undefined;
    },
  };
}
