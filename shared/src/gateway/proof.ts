import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import { sameSecret, sha256 } from '../digest.ts';
import { normalAddress } from '../http-address.ts';
import { openCompactJws } from '../jws/compact-jws.ts';
import { publicJwkSchema } from '../protocol/jwk.ts';
import { type Instant, second } from '../time.ts';
import type { Nonces } from './nonces.ts';
import type { Presented } from './presented.ts';
import { Refusal } from './refusal.ts';
import type { ProofUse } from './replays.ts';

const maxLength = 4096;
/** Without a nonce the clock of the device counts. */
const oldestMs = 60 * second;
const aheadMs = 5 * second;

const claimsSchema = z.object({
  jti: z.string().min(1).max(256),
  htm: z.string().max(16),
  htu: z.string().max(2048),
  iat: z.number().min(0).max(4_102_444_800),
  exp: z.number().optional(),
  nonce: z.string().max(256).optional(),
  ath: z.string().max(64),
});

/**
 * Checks a DPoP proof as RFC 9449 section 4.3 lists it, all but its being used before.
 *
 * @param jkt `cnf.jkt` of the token
 * @returns the use that must be claimed
 * @throws Refusal
 */
export async function verifyProof(
  presented: Presented,
  jkt: string,
  nonces: Nonces | undefined,
  now: Instant,
): Promise<ProofUse> {
  const [text, ...others] = presented.proofs;
  if (text === undefined || text === '') throw new Refusal('proof_missing');
  if (others.length > 0) throw invalid('more than one DPoP header');
  const proof = openCompactJws(text, maxLength);
  if (proof === undefined) throw invalid('not a compact JWS');
  if (proof.header['alg'] !== 'ES256') throw invalid('alg is not ES256');
  if (proof.header['typ'] !== 'dpop+jwt') throw invalid('typ is not dpop+jwt');
  const jwk = publicJwkSchema.safeParse(proof.header['jwk']).data;
  if (jwk === undefined) throw invalid('jwk is not a public P-256 key and nothing else');
  const claims = claimsSchema.safeParse(proof.payload).data;
  if (claims === undefined) throw invalid('claims are missing or malformed');
  try {
    await compactVerify(text, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] });
  } catch (cause) {
    throw new Refusal('proof_invalid', { cause });
  }

  if (!sameSecret(await calculateJwkThumbprint(jwk, 'sha256'), jkt)) throw new Refusal('proof_other_key');
  if (claims.htm !== presented.method) throw new Refusal('proof_other_request');
  const address = normalAddress(claims.htu);
  if (address === undefined || address !== normalAddress(presented.url)) throw new Refusal('proof_other_request');
  if (!sameSecret(claims.ath, sha256(presented.token))) throw new Refusal('proof_other_token');
  if (claims.exp !== undefined && claims.exp * second <= now) throw new Refusal('proof_time');
  return { jkt, jti: claims.jti, until: untilWhen(claims, nonces, now) };
}

/** When the proof is refused for its age. */
function untilWhen({ iat, nonce }: z.infer<typeof claimsSchema>, nonces: Nonces | undefined, now: Instant): Instant {
  if (nonces !== undefined) {
    if (nonce === undefined || !nonces.isFresh(nonce, now)) throw new Refusal('nonce_required');
    return now + nonces.lifeMs;
  }
  const madeAt = iat * second;
  if (madeAt > now + aheadMs || madeAt < now - oldestMs) throw new Refusal('proof_time');
  return madeAt + oldestMs + second;
}

function invalid(cause: string): Refusal {
  return new Refusal('proof_invalid', { cause });
}
