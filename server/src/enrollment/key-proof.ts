import { sameSecret } from '@postern/shared/digest';
import { keyProofClaimsSchema, keyProofType } from '@postern/shared/protocol/enrollment';
import { publicJwkSchema, type PublicJwk } from '@postern/shared/protocol/jwk';
import { isSignedBy, openJws, publicKeyOf } from '../jws/index.ts';

/** What a proof must be about: one enrollment, one key, one backend. */
export interface ExpectedProof {
  enrollmentId: string;
  challenge: string;
  issuer: string;
  jwk: PublicJwk;
  jkt: string;
}

const maxLength = 8192;

/**
 * Why a proof of possession is not valid, for the record; undefined when it is. Its freshness is the
 * challenge's, so its date is not compared: a device whose clock is wrong may enroll, and learn of it after.
 */
export function faultOfKeyProof(proof: string, expected: ExpectedProof): string | undefined {
  const opened = openJws(proof, maxLength);
  if (opened === undefined) return 'form';
  const { header, payload } = opened;
  if (header['alg'] !== 'ES256') return 'alg';
  if (header['typ'] !== keyProofType) return 'typ';
  if (Object.keys(header).some((name) => !['alg', 'typ', 'jwk'].includes(name))) return 'header';
  const jwk = publicJwkSchema.safeParse(header['jwk']);
  if (!jwk.success || jwk.data.x !== expected.jwk.x || jwk.data.y !== expected.jwk.y) return 'jwk';
  if (!isSignedBy(opened, publicKeyOf(expected.jwk, expected.jkt))) return 'signature';
  const claims = keyProofClaimsSchema.safeParse(payload);
  if (!claims.success) return 'claims';
  if (claims.data.aud !== expected.issuer) return 'aud';
  if (claims.data.sub !== expected.enrollmentId) return 'sub';
  return sameSecret(claims.data.nonce, expected.challenge) ? undefined : 'nonce';
}
