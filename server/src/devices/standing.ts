import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { evaluate, judge, tokenLife, waiversFor } from '../policy/index.ts';
import type { CompiledPolicy, RuleFinding, Waiver } from '../policy/types.ts';
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
 * Judges what is stored of a device by the policies of the moment. Pure, and asked anew at every use:
 * a deadline that passes or an exception that ends needs nobody to notice it.
 *
 * @param resource what access is asked for; null for the device as such (resource-bound exceptions then waive nothing)
 * @returns undefined when the device has never attested
 */
export function standingOf(
  facts: DeviceFacts,
  policies: readonly CompiledPolicy[],
  resource: string | null,
  now: Instant,
): Standing | undefined {
  const { posture, evidence } = facts;
  if (posture === null || evidence === null) return undefined;
  const { readings, failingSince } = posture;
  const findings = evaluate({ policies, readings, platform: facts.platform, failingSince, resource, now });
  const waivers = waiversFor({
    exceptions: facts.exceptions,
    findings,
    personId: facts.owner.id,
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
