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
  /** Of who approves. */
  groups: readonly string[];
  requestHash?: string | undefined;
  durationMs?: number | undefined;
  rules?: readonly RuleReference[] | undefined;
  resources?: readonly string[] | undefined;
}

/** What somebody does to an exception. What time does to it, endedByTime says; what evidence does, policy/waive.ts. */
export type ExceptionEvent =
  | Approval
  | { kind: 'deny'; by: string; ownerId: string; requestHash?: string | undefined }
  | { kind: 'withdraw'; by: string }
  | { kind: 'relinquish'; by: string }
  | { kind: 'revoke'; by: string }
  | { kind: 'supersede' };

interface EndedByTime {
  state: 'lapsed' | 'expired';
  at: Instant;
  /** For people; null where the state says it all. */
  reason: string | null;
}

/** How and when an open exception ended that nobody ended; undefined while it has not. */
export function endedByTime(record: ExceptionRecord, now: Instant): EndedByTime | undefined {
  const { state, lapsesAt, expiresAt, extended } = record;
  if (state === 'pending') {
    // More time is asked for something that was there. When somebody or the device ended that, nothing is left to extend;
    // when it only ran out while the approvers thought about it, they may still answer.
    if (extended !== null && extended.endedAt !== null && extended.state !== 'expired')
      return { state: 'lapsed', at: extended.endedAt, reason: 'What it was to extend has ended.' };
    if (now >= lapsesAt) return { state: 'lapsed', at: lapsesAt, reason: null };
  }
  if (state === 'active' && (expiresAt === null || now >= expiresAt))
    return { state: 'expired', at: expiresAt ?? now, reason: null };
  return undefined;
}

/** The state at an instant. Nobody has to notice that a time has passed: it is read off the times. */
export function effectiveState(record: ExceptionRecord, now: Instant): ExceptionState {
  return endedByTime(record, now)?.state ?? record.state;
}

/**
 * The one state machine of exceptions: a record and an event give the next record or a refusal.
 * Rules: DESIGN.md, "Exceptions: one lifecycle".
 */
export function transition(record: ExceptionRecord, event: ExceptionEvent, now: Instant): ExceptionRecord | ErrorCode {
  const state = effectiveState(record, now);
  const endAs = (from: ExceptionState, to: ExceptionState) =>
    state === from ? { ...record, state: to, endedAt: now } : ('exception_state' as const);
  switch (event.kind) {
    case 'approve':
      return state === 'pending' ? approve(record, event, now) : 'exception_state';
    case 'deny':
      return state === 'pending' ? (mayDecide(record, event) ?? endAs('pending', 'denied')) : 'exception_state';
    case 'withdraw':
      if (event.by !== record.personId && event.by !== record.requestedBy) return 'not_allowed';
      return endAs('pending', 'withdrawn');
    case 'relinquish':
      return event.by === record.personId ? endAs('active', 'relinquished') : 'not_allowed';
    case 'revoke':
      // Whoever takes away what is their own opts back in, from wherever they do it.
      return endAs('active', event.by === record.personId ? 'relinquished' : 'revoked');
    case 'supersede':
      return endAs('active', 'superseded');
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

function approve(record: ExceptionRecord, event: Approval, now: Instant): ExceptionRecord | ErrorCode {
  const refusal = mayDecide(record, event);
  if (refusal !== undefined) return refusal;
  const narrowed = narrow(record, event);
  if (narrowed === undefined) return 'exception_widened';
  const decisions = [
    ...record.decisions,
    { actorId: event.by, verdict: 'approve' as const, groups: event.groups, counts: true },
  ];
  const approvals = new Set(
    decisions.filter(({ verdict, counts }) => verdict === 'approve' && counts).map(({ actorId }) => actorId),
  );
  const voted = { ...narrowed, decisions, version: record.version + 1 };
  if (approvals.size < record.approvalsNeeded) return voted;
  // The clock starts at approval: time spent waiting is not taken from the person.
  return { ...voted, state: 'active', approvedAt: now, beginsAt: now, expiresAt: now + voted.durationMs };
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
