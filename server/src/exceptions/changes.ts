import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Authn } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import { type Change, deleteAny, insert, updateOne } from '../storage/change.ts';
import type { ExceptionRecord } from './lifecycle/record.ts';

/** A new request. */
export function requestChange(record: ExceptionRecord, authn: Authn | null): Change {
  const { said } = record;
  return insert('exceptions', {
    id: record.id,
    kind: record.kind,
    state: record.state,
    person_id: record.personId,
    requested_by: record.requestedBy,
    device_id: record.deviceId,
    jkt: record.jkt,
    rules: JSON.stringify(record.rules),
    resources: JSON.stringify(record.resources),
    observed: JSON.stringify(record.observed),
    duration_ms: record.durationMs,
    justification: said.justification,
    ticket: said.ticket,
    request_hash: record.requestHash,
    approvals_needed: record.approvalsNeeded,
    extends_id: record.extendsId,
    requested_at: record.requestedAt,
    lapses_at: record.lapsesAt,
    approved_at: record.approvedAt,
    expires_at: record.expiresAt,
    ended_at: null,
    ended_by: null,
    ended_reason: null,
    version: record.version,
    role: record.role,
    template: record.plan.template?.name ?? null,
    template_version: record.plan.template?.version ?? null,
    reason_code: said.reasonCode,
    set_id: record.setId,
    emergency: record.emergency ? 1 : 0,
    starts_at: record.startsAt,
    begins_at: record.beginsAt,
    plan: JSON.stringify(record.plan),
    requested_authn: authn === null ? null : JSON.stringify(authn),
    reminded_ms: null,
  });
}

/** What an approval makes of a request, guarded by the version that it was decided on. */
export function approvalChange(before: ExceptionRecord, after: ExceptionRecord): Change {
  return updateOne(
    'exceptions',
    { id: before.id, version: before.version, state: before.state },
    {
      state: after.state,
      rules: JSON.stringify(after.rules),
      resources: JSON.stringify(after.resources),
      observed: JSON.stringify(after.observed),
      duration_ms: after.durationMs,
      approvals_needed: after.approvalsNeeded,
      plan: JSON.stringify(after.plan),
      approved_at: after.approvedAt,
      begins_at: after.beginsAt,
      expires_at: after.expiresAt,
      version: after.version,
    },
  );
}

/** How a vote came in: by somebody who is signed in, or by the link in a mail, which can only deny. */
export type VoteChannel = 'api' | 'link';

/**
 * What an edit makes of a request, guarded by the version that was edited, and the votes that are void with it: the log
 * keeps whose they were. Who had looked at it has not looked at this.
 */
export function editChanges(before: ExceptionRecord, after: ExceptionRecord, authn: Authn | null): Change[] {
  const { said, plan } = after;
  return [
    updateOne(
      'exceptions',
      { id: before.id, version: before.version, state: before.state },
      {
        rules: JSON.stringify(after.rules),
        resources: JSON.stringify(after.resources),
        observed: JSON.stringify(after.observed),
        duration_ms: after.durationMs,
        starts_at: after.startsAt,
        justification: said.justification,
        ticket: said.ticket,
        reason_code: said.reasonCode,
        request_hash: after.requestHash,
        approvals_needed: after.approvalsNeeded,
        template_version: plan.template?.version ?? null,
        plan: JSON.stringify(plan),
        requested_authn: authn === null ? null : JSON.stringify(authn),
        version: after.version,
      },
    ),
    deleteAny('exception_decisions', { exception_id: before.id }),
    deleteAny('exception_views', { exception_id: before.id }),
  ];
}

/** One person's vote. That each has one is for the primary key to say. */
export function voteChange(
  record: ExceptionRecord,
  vote: {
    by: string;
    verdict: 'approve' | 'deny';
    reason: string | undefined;
    authn?: Authn | null;
    channel?: VoteChannel;
  },
  now: Instant,
): Change {
  return insert('exception_decisions', {
    exception_id: record.id,
    actor_id: vote.by,
    verdict: vote.verdict,
    reason: vote.reason ?? null,
    at: now,
    request_hash: record.requestHash,
    authn: vote.authn ? JSON.stringify(vote.authn) : null,
    channel: vote.channel ?? 'api',
  });
}

/** Ends a stored exception: its row, guarded by what it was when that was decided, and the places that it held. */
export function endingChanges(
  before: { id: string; state: string; version?: number },
  after: { state: ExceptionState; at: Instant; by: string | null; reason: string | null },
): Change[] {
  const { id, state, version } = before;
  return [
    updateOne('exceptions', version === undefined ? { id, state } : { id, state, version }, {
      state: after.state,
      ended_at: after.at,
      ended_by: after.by,
      ended_reason: after.reason,
    }),
    deleteAny('exception_slots', { exception_id: id }),
  ];
}
