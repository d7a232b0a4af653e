import { sha256 } from '@postern/shared/digest';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { type Instant, minute } from '@postern/shared/time';
import { type Change, insert } from '../storage/change.ts';

/** A proof or an assertion that counts once. Whoever acts on it commits `change` in the same unit. */
export interface Spent {
  /** Refuses the unit with a ConflictError when it was used before, wherever that was. */
  change: Change;
  /** What to answer then. */
  code: ErrorCode;
}

/** Beyond the last moment that it is accepted: clocks of nodes differ, and the sweeper's may be ahead. */
const marginMs = minute;

/** @param signer whose it is: one signer's `jti` says nothing about another's */
export function spentProof(signer: string, jti: string, acceptedUntil: Instant): Spent {
  return spent('proof_replayed', `${signer}|${jti}`, acceptedUntil);
}

export function spentAssertion(signer: string, jti: string, acceptedUntil: Instant): Spent {
  return spent('assertion_replayed', `assertion|${signer}|${jti}`, acceptedUntil);
}

function spent(code: ErrorCode, key: string, acceptedUntil: Instant): Spent {
  // A NumericDate may have a fraction (RFC 7519 section 2); a column of the database has none.
  const expiresAt = Math.ceil(acceptedUntil + marginMs);
  return { code, change: insert('replays', { key: sha256(key), expires_at: expiresAt }) };
}
