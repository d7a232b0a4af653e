import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { ExceptionKind, ExceptionRequest } from '@postern/shared/protocol/exception';
import type { Authn } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { DeviceFacts } from '../../devices/index.ts';
import type { Unit } from '../../storage/store.ts';
import { announceEnded } from '../announce.ts';
import { requestChange } from '../changes.ts';
import { exceptionEvent } from '../events.ts';
import { effectiveState } from '../lifecycle/lifecycle.ts';
import { type ApprovalPlan, approvalsOf } from '../plan/index.ts';
import { placeChanges } from '../places.ts';
import type { ExceptionRecord, Said } from '../lifecycle/record.ts';

/** What requests and extensions have in common. */
export interface Wish extends Pick<
  ExceptionRequest,
  'rules' | 'resources' | 'justification' | 'ticket' | 'reasonCode'
> {
  kind: ExceptionKind;
  /** Of temporary access. */
  role: string | null;
  durationMs: number;
  /** Null: with the approval, or the first use. */
  startsAt: Instant | null;
}

/** Requests of one device that may wait at a time: nobody buries the people who decide. */
const mostWaiting = 20;

/** Throws Fault exception_too_many when as many requests wait as may. */
export function refuseTooMany(open: readonly ExceptionRecord[], now: Instant): void {
  const waiting = open.filter((each) => effectiveState(each, now) === 'pending');
  if (waiting.length >= mostWaiting) throw new Fault('exception_too_many');
}

/**
 * What an approver decides on, whole: any other request has another hash. With what it takes as it was found when it was asked
 * for: the template and its version, the stages, the risk; later that may only get stricter.
 */
export function hashOfRequest(
  scope: Pick<
    ExceptionRecord,
    | 'id'
    | 'kind'
    | 'role'
    | 'setId'
    | 'startsAt'
    | 'personId'
    | 'requestedBy'
    | 'deviceId'
    | 'jkt'
    | 'rules'
    | 'resources'
    | 'durationMs'
    | 'extendsId'
    | 'observed'
  >,
  said: Said,
  plan: ApprovalPlan,
): string {
  return sha256(canonicalJson({ ...scope, ...said, plan }));
}

/** What was said with a wish, as it is kept. */
export function saidOf({
  justification,
  ticket,
  reasonCode,
}: Pick<Wish, 'justification' | 'ticket' | 'reasonCode'>): Said {
  return { justification, ticket: ticket ?? null, reasonCode: reasonCode ?? null };
}

/** The request, and what is to be written for it. What has ended by itself is announced on the way: it holds places. */
export function newRequest(
  deps: Pick<Deps, 'random' | 'config'>,
  asked: {
    facts: DeviceFacts;
    by: string;
    wish: Wish;
    plan: ApprovalPlan;
    observed: ExceptionRecord['observed'];
    extended: ExceptionRecord | null;
    open: readonly ExceptionRecord[];
    /** Those that are asked for together share one. */
    setId: string | null;
    /** How who asks showed who they are. */
    authn: Authn | null;
  },
  now: Instant,
): { record: ExceptionRecord; unit: Unit } {
  const { facts, by, wish, plan, extended } = asked;
  const scope = {
    id: toId('exception', deps.random.uuid()),
    personId: facts.owner.id,
    requestedBy: by,
    deviceId: facts.id,
    jkt: facts.jkt,
    rules: wish.rules,
    resources: wish.resources,
    durationMs: wish.durationMs,
    extendsId: extended?.id ?? null,
    observed: asked.observed,
    kind: wish.kind,
    role: wish.role,
    setId: asked.setId,
    startsAt: wish.startsAt,
  };
  const record: ExceptionRecord = {
    ...scope,
    state: 'pending',
    // Read with what is stored; nothing is decided on a request that is not.
    managerId: null,
    said: saidOf(wish),
    requestHash: hashOfRequest(scope, saidOf(wish), plan),
    emergency: plan.emergency,
    plan,
    approvalsNeeded: approvalsOf(plan),
    extended: extended === null ? null : { state: extended.state, endedAt: extended.endedAt },
    requestedAt: now,
    lapsesAt: now + deps.config.exceptionPendingMs,
    approvedAt: null,
    beginsAt: null,
    expiresAt: null,
    endedAt: null,
    decisions: [],
    version: 1,
  };
  const data = {
    requestedBy: by,
    resources: [...record.resources],
    durationMs: record.durationMs,
    requestHash: record.requestHash,
    extends: record.extendsId,
    set: record.setId,
    startsAt: record.startsAt,
    kind: record.kind,
    role: record.role,
    template: plan.template?.name ?? null,
    reasonCode: wish.reasonCode ?? null,
    risk: plan.risk.score,
  };
  const text = wish.ticket === undefined ? wish.justification : `${wish.justification} (${wish.ticket})`;
  const ended = announceEnded(asked.open, now);
  return {
    record,
    unit: {
      changes: [...ended.changes, requestChange(record, asked.authn), ...placeChanges(record)],
      audit: [
        ...ended.audit,
        exceptionEvent('exception.requested', record, now, { kind: 'person', id: by }, { data, text }),
      ],
    },
  };
}
