import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { Verdict } from '@postern/shared/protocol/verdict';
import { hour, type Instant, second } from '@postern/shared/time';
import { type DeviceFacts, knownStandingOf } from '../devices/index.ts';
import type { Rulebook } from '../policy/index.ts';
import { type Grant, grantFor } from './grant-for.ts';

/** Whether a device may have access to a resource at one instant. */
export type Decision = Granted | Refused;

export interface Granted {
  granted: true;
  /** At least a second. */
  lifeMs: number;
  verdict: Verdict;
  /** What the evidence was, for the token. */
  evidence: { seq: number; receivedAt: Instant };
  /** Ids of the exceptions whose waivers it leans on. */
  exceptions: readonly string[];
  /** The temporary access that it is given under; null where the resource is open without. */
  grant: Grant | null;
}

export interface Refused {
  granted: false;
  code: ErrorCode;
  /** Null when the device never attested, or was refused for what it is rather than for its posture. */
  verdict: Verdict | null;
}

/** Whatever a policy says: the overlap of signing keys is made for tokens that live no longer. */
const longestTokenLifeMs = hour;

/**
 * The one decision behind tokens and introspection. Pure, and it starts at no: every way to yes leads through all of it.
 */
export function decide(facts: DeviceFacts, rulebook: Rulebook, resource: string, now: Instant): Decision {
  const barred = barOf(facts);
  if (barred !== undefined) return { granted: false, code: barred, verdict: null };
  const standing = knownStandingOf(facts, rulebook, resource, now);
  if (standing === undefined || facts.evidence === null)
    return { granted: false, code: 'never_attested', verdict: null };
  const { verdict, waivers } = standing;
  const refused = (code: ErrorCode): Refused => ({ granted: false, code, verdict });
  switch (verdict.status) {
    case 'stale':
      return refused('evidence_stale');
    case 'non-compliant':
      return refused('posture_refused');
    case 'compliant':
    case 'grace': {
      const grant = grantFor(facts, rulebook, resource, now);
      // Of one that is all but over a token would live for no time at all.
      if (grant === undefined || (grant !== 'not-needed' && !(grant.leftMs >= second)))
        return refused('access_required');
      const grantMs = grant === 'not-needed' ? longestTokenLifeMs : grant.leftMs;
      const lifeMs = Math.min(standing.tokenLifeMs, longestTokenLifeMs, grantMs);
      if (!(lifeMs >= second)) return refused('evidence_stale');
      const { seq, receivedAt } = facts.evidence;
      return {
        granted: true,
        lifeMs,
        verdict,
        evidence: { seq, receivedAt },
        exceptions: [...new Set(waivers.map((waiver) => waiver.exceptionId))],
        grant: grant === 'not-needed' ? null : grant,
      };
    }
  }
}

/** What bars a device whatever its posture. */
export function barOf(facts: DeviceFacts): ErrorCode | undefined {
  if (facts.state === 'retired') return 'device_retired';
  if (facts.state === 'suspended') return 'device_suspended';
  if (facts.state === 'pending') return 'device_pending';
  if (facts.state !== 'active') return 'device_unknown';
  if (facts.quarantine !== null) return 'device_quarantined';
  if (!facts.owner.active) return 'owner_inactive';
  return undefined;
}
