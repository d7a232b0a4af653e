import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import { decidingRefusal, mayRevoke } from './may-decide.ts';
import type { ExceptionEvent } from './lifecycle-events.ts';
import { narrow } from './narrow.ts';
import { approvalsOf } from '../plan/index.ts';
import type { ExceptionRecord } from './record.ts';
import { managerAsked, tally } from './tally.ts';

export type { Approval, Edit, ExceptionEvent } from './lifecycle-events.ts';

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

/**
 * The state at an instant. Nobody has to notice that a time has passed: it is read off the times. What is stored as active
 * is scheduled before it begins, and approved while nothing but its first use can begin it.
 */
export function effectiveState(record: ExceptionRecord, now: Instant): ExceptionState {
  const ended = endedByTime(record, now);
  if (ended !== undefined) return ended.state;
  if (record.state !== 'active') return record.state;
  if (record.beginsAt === null) return 'approved';
  return record.beginsAt > now ? 'scheduled' : 'active';
}

const granted: readonly ExceptionState[] = ['scheduled', 'approved', 'active'];

/**
 * The one state machine of exceptions: a record and an event give the next record or a refusal.
 * Rules: DESIGN.md, "Exceptions: one lifecycle".
 */
export function transition(record: ExceptionRecord, event: ExceptionEvent, now: Instant): ExceptionRecord | ErrorCode {
  const state = effectiveState(record, now);
  const endAs = (from: readonly ExceptionState[], to: ExceptionState) =>
    from.includes(state) ? { ...record, state: to, endedAt: now } : ('exception_state' as const);
  switch (event.kind) {
    case 'approve':
      return state === 'pending' ? approve(record, event, now) : 'exception_state';
    case 'deny':
      return state === 'pending' ? (decidingRefusal(record, event) ?? endAs(['pending'], 'denied')) : 'exception_state';
    case 'withdraw':
      return isOwn(record, event.by) ? endAs(['pending'], 'withdrawn') : 'not_allowed';
    case 'edit':
      if (!isOwn(record, event.by)) return 'not_allowed';
      return state === 'pending' ? edit(record, event) : 'exception_state';
    case 'auto-approve':
      // Only what its plan says needs nobody; whatever asks for somebody waits for them.
      if (record.plan.autoApprovedBy === null || record.plan.stages.length > 0 || record.emergency)
        return 'approval_not_yours';
      return state === 'pending' ? begun({ ...record, version: record.version + 1 }, now) : 'exception_state';
    case 'emergency-use':
      if (!record.emergency || !record.plan.emergency) return 'not_allowed';
      return state === 'pending' ? begun({ ...record, version: record.version + 1 }, now) : 'exception_state';
    case 'begin':
      if (state !== 'approved') return 'exception_state';
      return { ...record, beginsAt: now, expiresAt: now + record.durationMs, version: record.version + 1 };
    case 'relinquish':
      return event.by === record.personId ? endAs(granted, 'relinquished') : 'not_allowed';
    case 'revoke':
      // Whoever takes away what is their own opts back in, from wherever they do it.
      if (event.by === record.personId) return endAs(granted, 'relinquished');
      return mayRevoke(record, event) ? endAs(granted, 'revoked') : 'not_allowed';
    case 'supersede':
      return endAs(['active'], 'superseded');
  }
}

function isOwn(record: ExceptionRecord, by: string): boolean {
  return by === record.personId || by === record.requestedBy;
}

function approve(
  record: ExceptionRecord,
  event: Extract<ExceptionEvent, { kind: 'approve' }>,
  now: Instant,
): ExceptionRecord | ErrorCode {
  const refusal = decidingRefusal(record, event, { toApprove: true });
  if (refusal !== undefined) return refusal;
  const narrowed = narrow(record, event);
  if (narrowed === undefined) return 'exception_widened';
  const { by: actorId, groups, isDecider } = event;
  const decisions = [...record.decisions, { actorId, verdict: 'approve' as const, groups, isDecider, counts: true }];
  const voted = { ...narrowed, decisions, version: record.version + 1 };
  return tally(record.plan.stages, decisions, managerAsked(record)).open === null ? begun(voted, now) : voted;
}

/** Granted at this instant: the clock starts with it, or when it was to begin, or with its first use; never before. */
function begun(record: ExceptionRecord, now: Instant): ExceptionRecord {
  const { plan, kind, startsAt, extendsId, durationMs } = record;
  // What is extended is in use already.
  const waitsForUse = kind === 'access' && plan.begins === 'first-use' && extendsId === null && !record.emergency;
  const beginsAt = waitsForUse ? null : Math.max(now, startsAt ?? now);
  const expiresAt = beginsAt === null ? now + plan.useWithinMs : beginsAt + durationMs;
  return { ...record, state: 'active', approvedAt: now, beginsAt, expiresAt };
}

/** Another request in the place of the first: whoever decided on that has not decided on this. */
function edit(record: ExceptionRecord, event: Extract<ExceptionEvent, { kind: 'edit' }>): ExceptionRecord | ErrorCode {
  const { kind: _kind, by: _by, ...asked } = event;
  const { rules, resources, durationMs, startsAt, plan } = asked;
  if (durationMs <= 0 || (record.kind === 'device' && rules.length === 0)) return 'exception_state';
  // More time for what is there is asked for as it is there; access to something else is another request.
  const isFixed = record.extendsId !== null || record.kind === 'access';
  const isSame = sameMembers(rules, record.rules) && sameMembers(resources, record.resources);
  if (isFixed && !isSame) return 'exception_state';
  if (record.extendsId !== null && startsAt !== null) return 'exception_state';
  return {
    ...record,
    ...asked,
    approvalsNeeded: approvalsOf(plan),
    decisions: [],
    version: record.version + 1,
  };
}

function sameMembers(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each) => right.includes(each));
}
