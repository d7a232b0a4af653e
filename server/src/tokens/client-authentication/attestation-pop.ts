import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { PublicJwk } from '@postern/shared/protocol/jwk';
import { attestationPopType } from '@postern/shared/protocol/token';
import { type Instant, minute, second } from '@postern/shared/time';
import { type CompactJws, isSignedBy, openJws, publicKeyOf } from '../../jws/index.ts';
import type { Nonces } from '../nonces.ts';
import { type Spent, spentAttestationPop } from '../spent.ts';
import { challengeHeader } from './headers.ts';

/** A proof of possession that is well formed. Nothing of it is proven. */
export interface AttestationPop {
  jws: CompactJws;
  claims: z.infer<typeof claimsSchema>;
}

const maxLength = 4096;
/** As for DPoP proofs. */
const oldestMs = 5 * minute;
const aheadMs = minute;

const claimsSchema = z.object({
  /** The issuer, as one string. */
  aud: z.string().max(512),
  jti: z.string().min(1).max(256),
  iat: z.number().min(0).max(4_102_444_800),
  challenge: z.string().max(256).optional(),
});

export const popErrors = ['attestation_pop_invalid', 'attestation_pop_replayed', 'attestation_pop_challenge'] as const;

/** @throws Fault `attestation_pop_invalid` */
export function readAttestationPop(text: string): AttestationPop {
  const jws = openJws(text, maxLength);
  if (jws === undefined) throw invalid('not a compact JWS');
  if (jws.header['alg'] !== 'ES256') throw invalid('alg');
  if (jws.header['typ'] !== attestationPopType) throw invalid('typ');
  const claims = claimsSchema.safeParse(jws.payload).data;
  if (claims === undefined) throw invalid('claims are missing or malformed');
  return { jws, claims };
}

/**
 * Checks the proof against the key of the device. That it was not used before holds only once the result's change is
 * committed.
 *
 * @throws Fault `attestation_pop_invalid`, `attestation_pop_challenge`
 */
export function verifyAttestationPop(
  { jws, claims }: AttestationPop,
  device: { jwk: PublicJwk; jkt: string },
  { issuer, nonces }: { issuer: string; nonces: Nonces },
  now: Instant,
): Spent {
  if (!isSignedBy(jws, publicKeyOf(device.jwk, device.jkt))) throw invalid('signature');
  if (claims.aud !== issuer) throw invalid('aud');
  const issuedAt = claims.iat * second;
  if (issuedAt > now + aheadMs || issuedAt < now - oldestMs) throw invalid('iat');
  const { challenge } = claims;
  const state = challenge === undefined ? 'absent' : nonces.check(challenge, now);
  if (state !== 'fresh') {
    const headers = { [challengeHeader]: nonces.issue(now) };
    throw new Fault('attestation_pop_challenge', { headers, cause: `challenge is ${state}` });
  }
  return spentAttestationPop(device.jkt, claims.jti, issuedAt + oldestMs);
}

function invalid(cause: string): Fault {
  return new Fault('attestation_pop_invalid', { cause });
}
