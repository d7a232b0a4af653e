import { fromTimestamp, hour, type Instant } from '@postern/shared/time';
import { type DeviceFacts, standingOf } from '../../devices/index.ts';
import type { Rulebook } from '../../policy/index.ts';
import { barOf, type Refused } from '../decide.ts';

/** Whatever the policies say: who believes a client attestation elsewhere asks nobody before it ends. */
const longestLifeMs = hour;

/**
 * Whether a device may have a client attestation, and until when. Pure. It is asked of the device as such: one that is fine
 * only for some resources authenticates with its key (`private_key_jwt`) instead.
 */
export function attestable(
  facts: DeviceFacts,
  rulebook: Rulebook,
  now: Instant,
): { granted: true; until: Instant } | Refused {
  const barred = barOf(facts);
  if (barred !== undefined) return { granted: false, code: barred, verdict: null };
  const verdict = standingOf(facts, rulebook, null, now)?.verdict;
  if (verdict === undefined) return { granted: false, code: 'never_attested', verdict: null };
  switch (verdict.status) {
    case 'stale':
      return { granted: false, code: 'evidence_stale', verdict };
    case 'non-compliant':
      return { granted: false, code: 'posture_refused', verdict };
    case 'compliant':
    case 'grace':
      return { granted: true, until: Math.min(fromTimestamp(verdict.validUntil), now + longestLifeMs) };
  }
}
