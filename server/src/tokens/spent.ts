import { sha256 } from '@postern/shared/digest';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { type Instant, minute } from '@postern/shared/time';
import { type Change, insert, updateOne } from '../storage/change.ts';
import type { UsedHere } from './used-here.ts';

/** A proof or an assertion that counts once. */
export type Spent = SpentStored | SpentHere;

/** Whoever acts on it commits `change` in the same unit. */
export interface SpentStored {
  /** Refuses the unit with a ConflictError when it was used before, wherever that was. */
  change: Change;
  /** What to answer then. */
  code: ErrorCode;
}

/** Whoever acts on it calls `useUp` first. */
export interface SpentHere {
  /** False when another one like it was used before in this process. The same answer each time it is called. */
  useUp(): boolean;
  code: ErrorCode;
}

/** Beyond the last moment that it is accepted: clocks of nodes differ, and the sweeper's may be ahead. */
const marginMs = minute;

/** @param signer whose it is: one signer's `jti` says nothing about another's */
export function spentProof(signer: string, jti: string, acceptedUntil: Instant): Spent {
  return spent('proof_replayed', `${signer}|${jti}`, acceptedUntil);
}

/** A proof with a nonce that only this process takes. */
export function spentProofHere(usedHere: UsedHere, signer: string, jti: string, now: Instant): Spent {
  let isFirst: boolean | undefined;
  return { code: 'proof_replayed', useUp: () => (isFirst ??= usedHere.use(sha256(`${signer}|${jti}`), now)) };
}

export function spentAssertion(signer: string, jti: string, acceptedUntil: Instant): Spent {
  return spent('assertion_replayed', `assertion|${signer}|${jti}`, acceptedUntil);
}

export function spentAttestationPop(signer: string, jti: string, acceptedUntil: Instant): Spent {
  return spent('attestation_pop_replayed', `attestation-pop|${signer}|${jti}`, acceptedUntil);
}

/** Its `jti` is ours, and unique. */
export function spentSignInToken(jti: string, acceptedUntil: Instant): Spent {
  return spent('subject_token_used', `sign-in|${jti}`, acceptedUntil);
}

export function spentDeviceCode(hash: string): Spent {
  return { code: 'code_expired', change: updateOne('device_codes', { hash, state: 'approved' }, { state: 'used' }) };
}

function spent(code: ErrorCode, key: string, acceptedUntil: Instant): Spent {
  // A NumericDate may have a fraction (RFC 7519 section 2); a column of the database has none.
  const expiresAt = Math.ceil(acceptedUntil + marginMs);
  return { code, change: insert('replays', { key: sha256(key), expires_at: expiresAt }) };
}
