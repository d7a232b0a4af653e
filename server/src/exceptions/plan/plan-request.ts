import type { ExceptionKind } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { DeviceFacts } from '../../devices/index.ts';
import type { Rulebook } from '../../policy/index.ts';
import type { RuleReference } from '../../policy/types.ts';
import { type ApprovalPlan, plainPlan } from './approval-plan.ts';

/** What is asked for, as far as it decides what it takes. */
export interface Asked {
  kind: ExceptionKind;
  /** Name of the template; undefined: none (access: the first that the resource names). */
  template: string | undefined;
  rules: readonly RuleReference[];
  resources: readonly string[];
  role: string | null;
  durationMs: number;
  reasonCode: string | undefined;
  ticket: string | undefined;
  /** Of the chain of extensions, this one not counted. */
  renewals: number;
}

/**
 * What it takes to grant a request: by the template, by its conditions over the risk, and never less than the policies of
 * the rules ask for.
 *
 * @throws Fault template_unknown, template_not_for_you, reason_code_required, ticket_required, exception_refused_by_rule,
 *   access_not_offered, emergency_review_due
 */
export async function planRequest(
  _deps: Pick<Deps, 'store'>,
  _about: { facts: DeviceFacts; rulebook: Rulebook; approvals: number },
  _asked: Asked,
  _now: Instant,
): Promise<ApprovalPlan> {
  return plainPlan(_about.approvals);
}
