import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { RuleReference } from '../policy/types.ts';
import type { ExceptionRecord } from './record.ts';

/** What an approver decides on: who they are, what they saw, and what they cut. */
export interface Approval {
  kind: 'approve';
  by: string;
  ownerId: string;
  requestHash?: string | undefined;
  durationMs?: number | undefined;
  rules?: readonly RuleReference[] | undefined;
  resources?: readonly string[] | undefined;
}

export type ExceptionEvent =
  | Approval
  | { kind: 'deny'; by: string; ownerId: string; requestHash?: string | undefined }
  | { kind: 'withdraw'; by: string }
  | { kind: 'relinquish'; by: string }
  | { kind: 'revoke'; by: string }
  | { kind: 'lapse' }
  | { kind: 'expire' }
  | { kind: 'resolve' }
  | { kind: 'void' }
  | { kind: 'supersede' };

/** The record after the event. `entered` is set when it is in another state than before. */
export interface Transition {
  record: ExceptionRecord;
  entered: ExceptionState | null;
}

/** The state at an instant. Nobody has to notice that a time has passed: it is read off the times. */
export function effectiveState(record: ExceptionRecord, now: Instant): ExceptionState {
  if (record.state === 'pending' && now >= record.lapsesAt) return 'lapsed';
  if (record.state === 'active' && (record.expiresAt === null || now >= record.expiresAt)) return 'expired';
  return record.state;
}

/**
 * The one state machine of exceptions: a record and an event give the next record or a refusal.
 * Rules: DESIGN.md, "Exceptions: one lifecycle".
 */
export function transition(record: ExceptionRecord, event: ExceptionEvent, now: Instant): Transition | ErrorCode {
  const state = effectiveState(record, now);
  switch (event.kind) {
    case 'approve':
      return state === 'pending' ? approve(record, event, now) : 'exception_state';
    case 'deny':
      if (state !== 'pending') return 'exception_state';
      return mayDecide(record, event) ?? voted(end(record, 'denied', now), { actorId: event.by, verdict: 'deny' });
    case 'withdraw':
      if (event.by !== record.personId && event.by !== record.requestedBy) return 'not_allowed';
      return state === 'pending' ? end(record, 'withdrawn', now) : 'exception_state';
    case 'relinquish':
      if (event.by !== record.personId) return 'not_allowed';
      return state === 'active' ? end(record, 'relinquished', now) : 'exception_state';
    case 'revoke':
      return state === 'active' ? end(record, 'revoked', now) : 'exception_state';
    case 'resolve':
      return state === 'active' ? end(record, 'resolved', now) : 'exception_state';
    case 'void':
      return state === 'active' ? end(record, 'voided', now) : 'exception_state';
    case 'supersede':
      return state === 'active' ? end(record, 'superseded', now) : 'exception_state';
    case 'lapse':
      return record.state === 'pending' && state === 'lapsed'
        ? end(record, 'lapsed', record.lapsesAt)
        : 'exception_state';
    case 'expire':
      return record.state === 'active' && state === 'expired'
        ? end(record, 'expired', record.expiresAt ?? now)
        : 'exception_state';
  }
}

/** Nobody decides what they asked for, what was asked for them, or for their own device. No role changes that. */
function mayDecide(
  record: ExceptionRecord,
  event: { by: string; ownerId: string; requestHash?: string | undefined },
): ErrorCode | undefined {
  if (event.by === record.requestedBy || event.by === record.personId || event.by === event.ownerId)
    return 'self_approval';
  if (record.decisions.some((decision) => decision.actorId === event.by)) return 'already_decided';
  if (event.requestHash !== undefined && event.requestHash !== record.requestHash) return 'exception_changed';
  return undefined;
}

function approve(record: ExceptionRecord, event: Approval, now: Instant): Transition | ErrorCode {
  const refusal = mayDecide(record, event);
  if (refusal !== undefined) return refusal;
  const narrowed = narrow(record, event);
  if (narrowed === undefined) return 'exception_widened';
  const decisions = [...record.decisions, { actorId: event.by, verdict: 'approve' as const }];
  const approvals = new Set(decisions.filter((each) => each.verdict === 'approve').map((each) => each.actorId)).size;
  if (approvals < record.approvalsNeeded) return { record: { ...narrowed, decisions }, entered: null };
  // The clock starts at approval: time spent waiting is not taken from the person.
  return {
    record: { ...narrowed, decisions, state: 'active', approvedAt: now, expiresAt: now + narrowed.durationMs },
    entered: 'active',
  };
}

/** The record with what the approver cut, or undefined when anything would be more than was asked for. */
function narrow(record: ExceptionRecord, event: Approval): ExceptionRecord | undefined {
  const durationMs = event.durationMs ?? record.durationMs;
  const rules = event.rules ?? record.rules;
  const resources = event.resources ?? record.resources;
  if (durationMs > record.durationMs || durationMs <= 0) return undefined;
  if (rules.length === 0 || !rules.every((rule) => record.rules.includes(rule))) return undefined;
  // No resources means all of them: any list narrows that, and an empty list widens any other.
  const within =
    record.resources.length === 0 ||
    (resources.length > 0 && resources.every((each) => record.resources.includes(each)));
  return within ? { ...record, durationMs, rules: [...new Set(rules)], resources: [...new Set(resources)] } : undefined;
}

function end(record: ExceptionRecord, state: ExceptionState, at: Instant): Transition {
  return { record: { ...record, state, endedAt: at }, entered: state };
}

function voted(transitioned: Transition, decision: ExceptionRecord['decisions'][number]): Transition {
  const { record } = transitioned;
  return { ...transitioned, record: { ...record, decisions: [...record.decisions, decision] } };
}
