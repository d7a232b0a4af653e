import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../../audit/event.ts';
import { exceptionEvent } from '../events.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/** The entry of an approval: of the last one, with what it grants and what the rules found then. */
export function approvalEvent(
  after: ExceptionRecord,
  actor: Actor,
  more: { data?: AuditEvent['data']; text?: string | undefined },
  now: Instant,
): AuditEvent {
  const type = after.state === 'active' ? 'exception.approved' : 'exception.approval-recorded';
  const observed = Object.entries(after.observed).map(([rule, { ruleHash, policyVersion, outcome }]) => ({
    rule,
    ruleHash,
    policyVersion,
    outcome,
  }));
  const data = {
    approvals: after.decisions.filter(({ verdict, counts }) => verdict === 'approve' && counts).length,
    approvalsNeeded: after.approvalsNeeded,
    resources: [...after.resources],
    durationMs: after.durationMs,
    beginsAt: after.beginsAt,
    expiresAt: after.expiresAt,
    requestHash: after.requestHash,
    observed,
    ...more.data,
  };
  return exceptionEvent(type, after, now, actor, { data, text: more.text });
}
