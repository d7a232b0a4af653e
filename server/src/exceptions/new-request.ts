import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { ExceptionRequest } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { DeviceFacts } from '../devices/index.ts';
import type { Unit } from '../storage/store.ts';
import { announceEnded } from './announce.ts';
import { requestChange } from './changes.ts';
import { exceptionEvent } from './events.ts';
import { effectiveState } from './lifecycle.ts';
import { plainPlan } from './plan/index.ts';
import { placeChanges } from './places.ts';
import type { ExceptionRecord } from './record.ts';

/** What requests and extensions have in common. */
export interface Wish extends Pick<ExceptionRequest, 'rules' | 'resources' | 'justification' | 'ticket'> {
  durationMs: number;
}

/** Requests of one device that may wait at a time: nobody buries the people who decide. */
const mostWaiting = 20;

/** Throws Fault exception_too_many when as many requests wait as may. */
export function refuseTooMany(open: readonly ExceptionRecord[], now: Instant): void {
  const waiting = open.filter((each) => effectiveState(each, now) === 'pending');
  if (waiting.length >= mostWaiting) throw new Fault('exception_too_many');
}

/** The request, and what is to be written for it. What has ended by itself is announced on the way: it holds places. */
export function newRequest(
  deps: Pick<Deps, 'random' | 'config'>,
  asked: {
    facts: DeviceFacts;
    by: string;
    wish: Wish;
    approvalsNeeded: number;
    observed: ExceptionRecord['observed'];
    extended: ExceptionRecord | null;
    open: readonly ExceptionRecord[];
  },
  now: Instant,
): { record: ExceptionRecord; unit: Unit } {
  const { facts, by, wish, extended } = asked;
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
    kind: 'device' as const,
    role: null,
    setId: null,
    startsAt: null,
  };
  const record: ExceptionRecord = {
    ...scope,
    state: 'pending',
    // What an approver decides on, whole: any other request has another hash.
    requestHash: sha256(canonicalJson({ ...scope, justification: wish.justification, ticket: wish.ticket ?? null })),
    emergency: false,
    plan: plainPlan(asked.approvalsNeeded),
    approvalsNeeded: asked.approvalsNeeded,
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
  };
  const text = wish.ticket === undefined ? wish.justification : `${wish.justification} (${wish.ticket})`;
  const ended = announceEnded(asked.open, now);
  return {
    record,
    unit: {
      changes: [...ended.changes, requestChange(record, { ...wish, authn: null }), ...placeChanges(record)],
      audit: [
        ...ended.audit,
        exceptionEvent('exception.requested', record, now, { kind: 'person', id: by }, { data, text }),
      ],
    },
  };
}
