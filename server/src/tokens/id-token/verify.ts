import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, second } from '@postern/shared/time';
import { ProviderUnavailable } from './provider-keys.ts';

/** Whose ID tokens are taken, and for which client they must be. */
export interface IdentityProvider {
  issuer: string;
  clientId: string;
}

/** What an ID token says that was verified. */
export interface VerifiedIdToken {
  /** In lower case, and verified by the provider. */
  email: string;
  authenticatedAt: Instant;
  expiresAt: Instant;
}

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
/** The provider's clock may be ahead of ours. */
const aheadMs = minute;
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const numericDate = z.number().min(0).max(4_102_444_800);
const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  iat: numericDate,
  exp: numericDate,
  auth_time: numericDate.optional(),
  email: z.email().max(254).optional(),
  email_verified: z.unknown().optional(),
  /** How Keycloak tells its ID tokens from its other ones. */
  typ: z.literal('ID').optional(),
  /** Logout tokens have them (OpenID Connect Back-Channel Logout 1.0 section 2.4), and are for the same client. */
  events: z.undefined().optional(),
});

/**
 * Verifies an ID token (OpenID Connect Core 1.0 section 3.1.3.7) that a person's device got from the configured provider.
 * There is no nonce to compare: the device that shows it is what it is bound to.
 *
 * @throws Fault subject_token_invalid, subject_token_expired, subject_email_unverified, identity_provider_unavailable
 */
export async function verifyIdToken(
  token: string,
  { issuer, clientId }: IdentityProvider,
  keys: JWTVerifyGetKey,
  now: Instant,
): Promise<VerifiedIdToken> {
  if (!compact.test(token)) throw invalid('not a compact JWS');
  const payload = await signedPayload(token, { issuer, clientId }, keys, now);
  const claims = claimsSchema.safeParse(payload).data;
  if (claims === undefined) throw invalid('claims are missing or malformed, or it is no ID token');
  const { aud, azp, iat, exp, auth_time: authTime = iat, email } = claims;
  const isForOthersToo = typeof aud !== 'string' && aud.length !== 1;
  if (azp === undefined ? isForOthersToo : azp !== clientId) throw invalid('azp');
  if (Math.max(iat, authTime) * second > now + aheadMs) throw invalid('iat or auth_time is in the future');
  if (email === undefined || claims.email_verified !== true) throw new Fault('subject_email_unverified');
  return {
    email: email.toLowerCase(),
    authenticatedAt: Math.min(authTime * second, now),
    expiresAt: exp * second,
  };
}

async function signedPayload(
  token: string,
  { issuer, clientId }: IdentityProvider,
  keys: JWTVerifyGetKey,
  now: Instant,
): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms,
      requiredClaims: ['sub', 'iat', 'exp'],
      currentDate: new Date(now),
    });
    // RFC 8725 section 3.11: what is explicitly something else is no ID token.
    if (protectedHeader.typ !== undefined && protectedHeader.typ.toUpperCase() !== 'JWT') throw invalid('typ');
    return payload;
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (error instanceof errors.JWTExpired) throw new Fault('subject_token_expired', { cause: error });
    if (error instanceof ProviderUnavailable || error instanceof errors.JWKSInvalid)
      throw new Fault('identity_provider_unavailable', { cause: error, headers: { 'Retry-After': '5' } });
    throw new Fault('subject_token_invalid', { cause: error });
  }
}

function invalid(cause: string): Fault {
  return new Fault('subject_token_invalid', { cause });
}
