import type { Json } from '@postern/shared/canonical';
import type { Initiator, SignalType } from '@postern/shared/protocol/signal';
import { type Instant, toNumericDate } from '@postern/shared/time';
import { inEnglish } from './reasons.ts';

/** Whom or what something happened to; `everything`: all sessions that this backend ever gave out. */
export type SignalSubject =
  | { everything: true }
  | { device?: string | undefined; user?: string | undefined; session?: string | undefined };

/** Something that receivers are told. */
export interface Signal {
  type: SignalType;
  subject: SignalSubject;
  /** What is particular to the type. */
  claims: { [name: string]: Json };
  initiator: Initiator;
  reason: string;
  happenedAt: Instant;
  /** Names what caused it: all that came of one cause shares it (SSF section 4.1.9). */
  txn: string;
  /** Which resources it is about; null: all. */
  resources: readonly string[] | null;
}

/** The claims of a Security Event Token that say what happened: without issuer, audience, id and time, which its stream gives it. */
export function claimsOf(signal: Signal, issuer: string): { [name: string]: Json } {
  return {
    txn: signal.txn,
    sub_id: subjectId(signal.subject, issuer),
    events: {
      [signal.type]: {
        ...signal.claims,
        initiating_entity: signal.initiator,
        reason_admin: inEnglish(signal.reason),
        event_timestamp: toNumericDate(signal.happenedAt),
      },
    },
  };
}

/**
 * A complex subject (SSF section 3.3). Persons and devices are known by what tokens call them (`sub`, `owner`, `device_id`), a
 * session by the id of the token or of the exception that the token names.
 */
function subjectId(subject: SignalSubject, issuer: string): Json {
  // The whole of what this issuer vouches for is a tenant of its own: every session matches it.
  if ('everything' in subject) return { format: 'complex', tenant: { format: 'opaque', id: issuer } };
  const { device, user, session } = subject;
  const known = (sub: string) => ({ format: 'iss_sub', iss: issuer, sub });
  return {
    format: 'complex',
    ...(device === undefined ? {} : { device: known(device) }),
    ...(user === undefined ? {} : { user: known(user) }),
    ...(session === undefined ? {} : { session: { format: 'opaque', id: session } }),
  };
}
