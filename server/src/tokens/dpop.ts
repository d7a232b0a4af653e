import { z } from 'zod';
import { sameSecret, sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { PublicJwk } from '@postern/shared/protocol/jwk';
import { type Instant, minute, second } from '@postern/shared/time';
import { embeddedKeyOf, isSignedBy, openJws } from '../jws/index.ts';
import { isSameAddress } from './http-address.ts';
import type { Nonces } from './nonces.ts';
import { type Spent, spentProof, spentProofHere } from './spent.ts';

/** The request that a proof must have been made for. */
export interface ProvedRequest {
  /** The one `DPoP` header. */
  proof: string | undefined;
  method: string;
  /** The address as the caller sees it. */
  url: string;
  now: Instant;
  /** The access token that comes with the proof: then the proof must name it (RFC 9449 section 4.3, check 12). */
  accessToken?: string;
}

export interface VerifiedProof {
  jkt: string;
  jwk: PublicJwk;
  spent: Spent;
}

/** What a proof may be refused for where it is used up, for the list of an endpoint. */
export const proofErrors = [
  'proof_missing',
  'proof_invalid',
  'proof_algorithm',
  'proof_other_url',
  'proof_from_future',
  'proof_too_old',
  'proof_replayed',
  'nonce_required',
  'proof_other_key',
] as const;

const maxLength = 4096;
/** The nonce bounds the age; the device's clock must only be roughly right. */
const oldestMs = 5 * minute;
const aheadMs = minute;

const claimsSchema = z.object({
  jti: z.string().min(1).max(256),
  htm: z.string().max(16),
  htu: z.string().max(2048),
  iat: z.number().min(0).max(4_102_444_800),
  exp: z.number().optional(),
  nonce: z.string().max(256).optional(),
  ath: z.string().max(64).optional(),
});
type Claims = z.infer<typeof claimsSchema>;

/**
 * Checks a DPoP proof as RFC 9449 section 4.3 lists it; more than one header was refused before. That it was not used
 * before holds only once `spent` is used up (commitSpending).
 *
 * @throws Fault `proof_missing`, `proof_invalid`, `proof_algorithm`, `proof_other_url`, `proof_from_future`,
 *   `proof_too_old`, `nonce_required`
 */
export function verifyProof(nonces: Nonces, request: ProvedRequest): VerifiedProof {
  if (request.proof === undefined || request.proof === '')
    throw new Fault('proof_missing', nonceHeader(nonces, request.now));
  const proof = openJws(request.proof, maxLength);
  if (proof === undefined) throw invalid('not a compact JWS');
  if (proof.header['alg'] !== 'ES256') throw new Fault('proof_algorithm');
  if (proof.header['typ'] !== 'dpop+jwt') throw invalid('typ is not dpop+jwt');

  const embedded = embeddedKeyOf(proof.header);
  if (embedded === undefined) throw invalid('jwk is not a public P-256 key and nothing else');
  const claims = claimsSchema.safeParse(proof.payload).data;
  if (claims === undefined) throw invalid('claims are missing or malformed');
  const { jwk, jkt, key } = embedded;
  if (!isSignedBy(proof, key)) throw invalid('signature');

  if (claims.htm !== request.method || !isSameAddress(claims.htu, request.url)) throw new Fault('proof_other_url');
  checkTimes(claims, request.now);
  checkAccessToken(claims.ath, request.accessToken);
  // Last: a nonce is to be fetched only for what is good otherwise.
  checkNonce(claims.nonce, nonces, request.now);
  const spent =
    nonces.usedHere === undefined
      ? spentProof(jkt, claims.jti, claims.iat * second + oldestMs)
      : spentProofHere(nonces.usedHere, jkt, claims.jti, request.now);
  return { jkt, jwk, spent };
}

/** The header that gives the client its next nonce (RFC 9449 section 8). */
export function nonceHeader(nonces: Nonces, now: Instant): { headers: Record<string, string> } {
  return { headers: { 'DPoP-Nonce': nonces.issue(now) } };
}

function checkTimes({ iat, exp }: Claims, now: Instant): void {
  if (iat * second > now + aheadMs) throw new Fault('proof_from_future');
  if (iat * second < now - oldestMs) throw new Fault('proof_too_old');
  if (exp !== undefined && exp * second <= now) throw new Fault('proof_too_old');
}

function checkNonce(nonce: string | undefined, nonces: Nonces, now: Instant): void {
  const state = nonce === undefined ? 'absent' : nonces.check(nonce, now);
  if (state !== 'fresh') throw new Fault('nonce_required', { ...nonceHeader(nonces, now), cause: `nonce is ${state}` });
}

function checkAccessToken(ath: string | undefined, accessToken: string | undefined): void {
  if (accessToken === undefined) return;
  if (ath === undefined || !sameSecret(ath, sha256(accessToken))) throw invalid('ath does not name the access token');
}

function invalid(cause: string): Fault {
  return new Fault('proof_invalid', { cause });
}
