import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent, AuditEventType } from '../audit/event.ts';
import { type Change, deleteAny, insert, updateOne } from '../storage/change.ts';
import type { ExceptionRecord } from './record.ts';

/** Stands for every resource in exception_slots. */
export const anyResource = '*';

/** The (person, device, rule, resource) places that an exception occupies while it waits or lives. */
export function slotsOf(
  record: Pick<ExceptionRecord, 'id' | 'personId' | 'deviceId' | 'rules' | 'resources'>,
): Change[] {
  const resources = record.resources.length === 0 ? [anyResource] : record.resources;
  return record.rules.flatMap((rule) =>
    resources.map((resource) =>
      insert('exception_slots', {
        person_id: record.personId,
        device_id: record.deviceId,
        rule,
        resource,
        exception_id: record.id,
      }),
    ),
  );
}

/** Ends a stored exception: its row (guarded by the state it was read in) and the slots it held. */
export function endingChanges(
  before: { id: string; state: string },
  after: { state: ExceptionState; at: Instant; by: string | null; reason: string | null },
): Change[] {
  return [
    updateOne(
      'exceptions',
      { id: before.id, state: before.state },
      { state: after.state, ended_at: after.at, ended_by: after.by, ended_reason: after.reason },
    ),
    deleteAny('exception_slots', { exception_id: before.id }),
  ];
}

const endingEvents = {
  denied: 'exception.denied',
  withdrawn: 'exception.withdrawn',
  lapsed: 'exception.lapsed',
  expired: 'exception.expired',
  revoked: 'exception.revoked',
  relinquished: 'exception.relinquished',
  resolved: 'exception.resolved',
  superseded: 'exception.superseded',
  voided: 'exception.voided',
} as const satisfies Partial<Record<ExceptionState, AuditEventType>>;

export type EndState = keyof typeof endingEvents;

export function exceptionEvent(
  type: AuditEventType,
  record: Pick<ExceptionRecord, 'id' | 'personId' | 'deviceId' | 'rules'>,
  now: Instant,
  actor: Actor,
  more: { data?: AuditEvent['data']; text?: string | null | undefined; outcome?: AuditEvent['outcome'] } = {},
): AuditEvent {
  return {
    at: now,
    type,
    outcome: more.outcome ?? 'success',
    actor,
    subject: { kind: 'exception', id: record.id },
    data: { person: record.personId, device: record.deviceId, rules: [...record.rules], ...more.data },
    ...(more.text ? { text: more.text } : {}),
  };
}

export function endingEvent(
  state: EndState,
  record: Pick<ExceptionRecord, 'id' | 'personId' | 'deviceId' | 'rules'>,
  now: Instant,
  actor: Actor,
  reason: string | null,
): AuditEvent {
  return exceptionEvent(endingEvents[state], record, now, actor, { text: reason });
}
