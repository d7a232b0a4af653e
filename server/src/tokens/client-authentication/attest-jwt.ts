import type { Deps } from '../../deps.ts';
import type { ClientAttestations } from '../client-attestation/verify.ts';
import { attestationErrors, claimedBy, readAttestation } from './attested-client.ts';
import { popErrors, readAttestationPop, verifyAttestationPop } from './attestation-pop.ts';
import { popHeader } from './headers.ts';
import type { ClientAuthenticationMethod } from './method.ts';

/** Attestation-based client authentication with a proof of possession of its own, for clients that do not combine it with DPoP. */
export function attestJwt(
  attestations: ClientAttestations,
  issuer: string,
  nonces: Deps['nonces'],
): ClientAuthenticationMethod {
  return {
    name: 'attest_jwt_client_auth',
    errors: [...attestationErrors, ...popErrors],
    isUsedBy: ({ header }) => header(popHeader) !== undefined,
    read(request, now) {
      const pop = readAttestationPop(request.header(popHeader) ?? '');
      return readAttestation(attestations, request, now, (attestation) => {
        const attested = claimedBy(attestation);
        return {
          deviceId: attested.deviceId,
          verify(device, at) {
            attested.verify(device, at);
            return verifyAttestationPop(pop, device, { issuer, nonces }, at);
          },
        };
      });
    },
  };
}
