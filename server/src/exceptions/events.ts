import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent, AuditEventType } from '../audit/event.ts';
import type { ExceptionRecord } from './lifecycle/record.ts';

type Subject = Pick<ExceptionRecord, 'id' | 'personId' | 'deviceId' | 'rules'>;

interface More {
  data?: AuditEvent['data'] | undefined;
  /** What a person wrote. */
  text?: string | null | undefined;
  outcome?: AuditEvent['outcome'];
}

export function exceptionEvent(
  type: AuditEventType,
  record: Subject,
  now: Instant,
  actor: Actor,
  more: More = {},
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

const endings = {
  denied: 'exception.denied',
  withdrawn: 'exception.withdrawn',
  lapsed: 'exception.lapsed',
  expired: 'exception.expired',
  revoked: 'exception.revoked',
  relinquished: 'exception.relinquished',
  resolved: 'exception.resolved',
  superseded: 'exception.superseded',
  voided: 'exception.voided',
} as const satisfies Record<Exclude<ExceptionState, 'pending' | 'scheduled' | 'approved' | 'active'>, AuditEventType>;

/** The one entry that tells how an exception ended. */
export function endingEvent(
  state: keyof typeof endings,
  record: Subject,
  now: Instant,
  actor: Actor,
  more: Pick<More, 'data' | 'text'> = {},
): AuditEvent {
  return exceptionEvent(endings[state], record, now, actor, more);
}

/** What somebody's act made of an exception, when that is an end. */
export function isEnd(state: ExceptionState): state is keyof typeof endings {
  return state in endings;
}
