import { errors, jwtVerify } from 'jose';
import { type CompactJws, openCompactJws } from '../jws/compact-jws.ts';
import { type AccessTokenClaims, accessTokenClaimsSchema } from '../protocol/token.ts';
import { type Instant, second } from '../time.ts';
import type { KeySet } from './key-set.ts';
import { Refusal } from './refusal.ts';

/** What a token must say. */
export interface Expected {
  issuer: string;
  audience: string;
  clockToleranceSeconds: number;
  maxTokenAgeSeconds: number | undefined;
}

const maxLength = 4096;
const claimsSchema = accessTokenClaimsSchema.loose();

/**
 * Takes an access token (RFC 9068) apart and refuses what cannot be for us, before anybody is asked.
 *
 * @throws Refusal
 */
export function openToken(text: string, { issuer, audience }: Expected): CompactJws {
  const token = openCompactJws(text, maxLength);
  if (token?.header['typ'] !== 'at+jwt' || token.header['alg'] !== 'ES256') throw new Refusal('token_malformed');
  if (token.payload['iss'] !== issuer) throw new Refusal('token_other_issuer');
  if (token.payload['aud'] !== audience) throw new Refusal('token_other_audience');
  return token;
}

/**
 * Claims that somebody vouched for, as far as they must be right for us.
 *
 * @throws Refusal
 */
export function checkClaims(payload: unknown, expected: Expected, now: Instant): AccessTokenClaims {
  const claims = claimsSchema.safeParse(payload).data;
  if (claims === undefined) throw new Refusal('token_malformed');
  if (claims.iss !== expected.issuer) throw new Refusal('token_other_issuer');
  if (claims.aud !== expected.audience) throw new Refusal('token_other_audience');
  const tolerance = expected.clockToleranceSeconds;
  const seconds = now / second;
  if (claims.exp <= seconds - tolerance) throw new Refusal('token_expired');
  if (claims.iat > seconds + tolerance) throw new Refusal('token_from_future');
  const { maxTokenAgeSeconds } = expected;
  if (maxTokenAgeSeconds !== undefined && seconds - claims.iat > maxTokenAgeSeconds + tolerance)
    throw new Refusal('token_too_old');
  return claims;
}

/**
 * Checks a token by the keys of its issuer.
 *
 * @throws Refusal; Unavailable when the keys are not known
 */
export async function verifyToken(
  token: CompactJws,
  keys: KeySet,
  expected: Expected,
  now: Instant,
): Promise<AccessTokenClaims> {
  const key = await keys.find(token.header['kid'], 'ES256');
  if (key === undefined) throw new Refusal('token_signature');
  try {
    await jwtVerify(token.text, key, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: expected.issuer,
      audience: expected.audience,
      requiredClaims: ['exp', 'iat', 'jti'],
      clockTolerance: expected.clockToleranceSeconds,
      currentDate: new Date(now),
    });
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw new Refusal('token_expired', { cause });
    if (cause instanceof errors.JWTClaimValidationFailed) throw new Refusal(codeOf(cause.claim), { cause });
    throw new Refusal('token_signature', { cause });
  }
  return checkClaims(token.payload, expected, now);
}

function codeOf(claim: string) {
  return claim === 'nbf' ? 'token_from_future' : 'token_malformed';
}
