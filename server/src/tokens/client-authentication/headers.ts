/** draft-ietf-oauth-attestation-based-client-auth. Given twice, the request was refused before. */
export const attestationHeader = 'oauth-client-attestation';
export const popHeader = 'oauth-client-attestation-pop';
export const challengeHeader = 'OAuth-Client-Attestation-Challenge';
