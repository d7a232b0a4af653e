import type { ClientAttestations } from '../client-attestation/verify.ts';
import { attestationErrors, claimedBy, readAttestation } from './attested-client.ts';
import { attestationHeader, popHeader } from './headers.ts';
import type { ClientAuthenticationMethod } from './method.ts';

/**
 * Attestation-based client authentication combined with DPoP (draft-ietf-oauth-attestation-based-client-auth): the DPoP
 * proof, whose nonce is the challenge, is the proof of possession. The endpoint verifies that proof and holds it to the
 * device's key; so a token costs the verification of one signature.
 */
export function attestJwtDpop(attestations: ClientAttestations): ClientAuthenticationMethod {
  return {
    name: 'attest_jwt_client_auth_dpop',
    errors: attestationErrors,
    isUsedBy: ({ header }) => header(attestationHeader) !== undefined && header(popHeader) === undefined,
    read: (request, now) => readAttestation(attestations, request, now, claimedBy),
  };
}
