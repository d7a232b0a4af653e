import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { evaluate, judge, type Rulebook, tokenLife, waiversFor } from '../policy/index.ts';
import type { RuleFinding, Waiver } from '../policy/types.ts';
import { judgedReadings, subjectOf } from './subject.ts';
import type { DeviceFacts } from './facts.ts';

/** Where a device stands at one instant, for one resource. */
export interface Standing {
  verdict: Verdict;
  findings: readonly RuleFinding[];
  /** The exceptions that the verdict leans on. */
  waivers: readonly Waiver[];
  /** How long a token may live; 0 when there may be none. */
  tokenLifeMs: number;
}

/**
 * Judges what is stored of a device by the rulebook of the moment. Pure, and asked anew at every use:
 * a deadline that passes or an exception that ends needs nobody to notice it.
 *
 * @param resource what access is asked for; null for the device as such (resource-bound exceptions then waive nothing)
 * @returns undefined when the device has never attested
 */
export function standingOf(
  facts: DeviceFacts,
  rulebook: Rulebook,
  resource: string | null,
  now: Instant,
): Standing | undefined {
  const { posture, evidence } = facts;
  if (posture === null || evidence === null) return undefined;
  const { failingSince } = posture;
  const { policies } = rulebook;
  const judged = judgedReadings(facts, posture, rulebook, now);
  const findings = evaluate({ rulebook, subject: subjectOf(facts), ...judged, failingSince, resource, now });
  const waivers = waiversFor({
    exceptions: facts.exceptions,
    findings,
    personId: facts.owner.id,
    groups: facts.owner.groups,
    deviceId: facts.id,
    jkt: facts.jkt,
    resource,
    now,
  });
  const verdict = judge({
    findings,
    failingSince,
    waivers,
    policies,
    evidenceAt: evidence.receivedAt,
    now,
  });
  return { verdict, findings, waivers, tokenLifeMs: tokenLife({ policies, verdict, waivers, now }) };
}
