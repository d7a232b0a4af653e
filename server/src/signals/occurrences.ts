import { own } from '@postern/shared/own';
import { type Initiator, signalTypes } from '@postern/shared/protocol/signal';
import type { AuditEventType } from '../audit/event.ts';
import type { AuditEntry } from '../audit/chain.ts';
import type { Signal } from './signal.ts';

/** What an entry of the audit means for receivers. */
export interface Occurrence {
  signals: readonly Signal[];
  /** Devices whose trust may have changed with it. */
  devices: readonly string[];
  /** People of whose devices this holds. */
  people: readonly string[];
}

/** What entries name, as it is now. */
export interface Background {
  owners: ReadonlyMap<string, string>;
  exceptions: ReadonlyMap<
    string,
    { personId: string; deviceId: string; resources: readonly string[]; granted: boolean }
  >;
  tokens: ReadonlyMap<string, { personId: string }>;
  /** Passkeys that are part of the machine they are used on. */
  builtIn: ReadonlySet<string>;
}

type Means = (entry: AuditEntry, background: Background) => Partial<Occurrence>;

/** None of those that CAEP lists; receivers are told of it in docs/signals.md (section 3.3.1 allows what both sides know). */
const deviceKey = 'device-key';

const meanings = {
  'verdict.changed': looked,
  'device.enrolled': (entry, background) => ({
    ...looked(entry),
    signals: [deviceKeyChange(entry, background, 'create', 'The device was enrolled with a key of its own.')],
  }),
  'device.admitted': looked,
  'device.resumed': looked,
  'device.released': looked,
  'device.ownership-changed': looked,
  'device.suspended': (entry, background) => cutOff(entry, background, 'An admin suspended the device.'),
  'device.quarantined': (entry, background) =>
    cutOff(entry, background, 'The device is in quarantine: its key or its history was seen twice.'),
  'device.retired': (entry, background) => {
    const ended = cutOff(entry, background, 'The device was retired.');
    const key = deviceKeyChange(entry, background, 'revoke', 'The device was retired, and its key with it.');
    return { ...ended, signals: [...ended.signals, key] };
  },
  'user.changed': personChanged,
  'exception.approved': exceptionLooked,
  'exception.begun': exceptionLooked,
  'emergency.used': exceptionLooked,
  'exception.withdrawn': exceptionEnded('The exception was withdrawn.'),
  'exception.expired': exceptionEnded('The exception has run out.'),
  'exception.revoked': exceptionEnded('The exception was revoked.'),
  'exception.relinquished': exceptionEnded('The exception was given back.'),
  'exception.resolved': exceptionEnded('The exception is not needed any more.'),
  'exception.superseded': exceptionEnded('Another exception took the place of this one.'),
  'exception.voided': exceptionEnded('The exception does not hold any more.'),
  'token.revoked': tokenRevoked,
  'passkey.added': (entry, background) => factor(entry, passkeyType(entry, background), 'create'),
  'passkey.removed': (entry, background) => factor(entry, passkeyType(entry, background), 'delete'),
  'authenticator-app.added': (entry) => factor(entry, 'app', 'create'),
  'authenticator-app.removed': (entry) => factor(entry, 'app', 'delete'),
  'signing-key.rotated': (entry) =>
    entry.data['cause'] === 'emergency' && entry.data['use'] !== 'signal'
      ? everythingEnded(entry, 'The keys that sign tokens were replaced in an emergency.')
      : {},
  'backup.restored': (entry) => everythingEnded(entry, 'A backup was restored; no token from before it is known.'),
} as const satisfies Partial<Record<AuditEventType, Means>>;

/** Types of entries that mean something for receivers. That a token was issued is none: those are read past. */
export const followedTypes = Object.keys(meanings) as readonly (keyof typeof meanings)[];

/** What an entry means for receivers. Pure. What was refused, and what changed nothing, happened to nobody. */
export function occurrenceOf(entry: AuditEntry, background: Background): Occurrence {
  const nothing: Occurrence = { signals: [], devices: [], people: [] };
  const means = own<Means>(meanings, entry.type);
  if (means === undefined || entry.outcome !== 'success' || entry.data['changed'] === false) return nothing;
  return { ...nothing, ...means(entry, background) };
}

/** The exception, token, device and passkey that an entry names. */
export function namedBy({ subject, data }: AuditEntry) {
  const idOf = (kind: string): string | undefined => {
    const named = subject?.kind === kind ? subject.id : data[kind];
    return typeof named === 'string' ? named : undefined;
  };
  return { exception: idOf('exception'), token: idOf('token'), device: idOf('device'), passkey: idOf('passkey') };
}

export function txnOf({ seq }: Pick<AuditEntry, 'seq'>): string {
  return `audit-${seq}`;
}

/** Who made it happen, in the words of CAEP. What a device reports, and what time ends, a policy has decided. */
export function initiatorOf({ actor, subject, type }: AuditEntry): Initiator {
  if (actor.kind === 'person') return subject?.kind === 'person' && subject.id === actor.id ? 'user' : 'admin';
  if (type === 'verdict.changed' || type.startsWith('exception.')) return 'policy';
  return actor.kind === 'device' ? 'user' : 'system';
}

function basis(entry: AuditEntry) {
  return { initiator: initiatorOf(entry), happenedAt: entry.at, txn: txnOf(entry), resources: null };
}

function looked(entry: AuditEntry): Pick<Occurrence, 'devices'> {
  const { device } = namedBy(entry);
  return { devices: device === undefined ? [] : [device] };
}

function cutOff(entry: AuditEntry, { owners }: Background, reason: string): Omit<Occurrence, 'people'> {
  const { device } = namedBy(entry);
  if (device === undefined) return { signals: [], devices: [] };
  const subject = { device, user: owners.get(device) };
  return {
    devices: [device],
    signals: [{ ...basis(entry), type: signalTypes.sessionRevoked, subject, claims: {}, reason }],
  };
}

function deviceKeyChange(
  entry: AuditEntry,
  { owners }: Background,
  change: 'create' | 'revoke',
  reason: string,
): Signal {
  const { device } = namedBy(entry);
  const subject = { device, user: device === undefined ? undefined : owners.get(device) };
  const claims = { credential_type: deviceKey, change_type: change };
  return { ...basis(entry), type: signalTypes.credentialChange, subject, claims, reason };
}

function personChanged(entry: AuditEntry): Partial<Occurrence> {
  const person = entry.subject?.id;
  if (person === undefined) return {};
  if (entry.data['active'] !== false) return { people: [person] };
  const reason = 'The person has no access any more.';
  const subject = { user: person };
  return {
    people: [person],
    signals: [{ ...basis(entry), type: signalTypes.sessionRevoked, subject, claims: {}, reason }],
  };
}

function exceptionLooked(entry: AuditEntry, { exceptions }: Background): Partial<Occurrence> {
  const known = exceptions.get(namedBy(entry).exception ?? '');
  return { devices: known === undefined ? [] : [known.deviceId] };
}

function exceptionEnded(reason: string): Means {
  return (entry, { exceptions }) => {
    const { exception: session } = namedBy(entry);
    const known = exceptions.get(session ?? '');
    // What was never granted was in no token.
    if (known === undefined || session === undefined || !known.granted) return {};
    const { deviceId: device, personId: user, resources } = known;
    return {
      devices: [device],
      signals: [
        {
          ...basis(entry),
          // When it ended in fact: that is announced a little later.
          happenedAt: typeof entry.data['endedAt'] === 'number' ? entry.data['endedAt'] : entry.at,
          type: signalTypes.sessionRevoked,
          subject: { device, user, session },
          claims: {},
          reason,
          resources: resources.length === 0 ? null : resources,
        },
      ],
    };
  };
}

function tokenRevoked(entry: AuditEntry, { tokens, owners }: Background): Partial<Occurrence> {
  const { token: session, device } = namedBy(entry);
  if (session === undefined) return {};
  const user = tokens.get(session)?.personId ?? owners.get(device ?? '');
  const { resource } = entry.data;
  return {
    signals: [
      {
        ...basis(entry),
        type: signalTypes.sessionRevoked,
        subject: { device, user, session },
        claims: {},
        reason: 'The access token was revoked.',
        resources: typeof resource === 'string' ? [resource] : null,
      },
    ],
  };
}

/** What a passkey that nobody remembers was cannot be told; a key that one carries is the more careful guess. */
function passkeyType(entry: AuditEntry, { builtIn }: Background): string {
  return builtIn.has(namedBy(entry).passkey ?? '') ? 'fido2-platform' : 'fido2-roaming';
}

function factor(entry: AuditEntry, type: string, change: 'create' | 'delete'): Partial<Occurrence> {
  const user = entry.subject?.id;
  if (user === undefined) return {};
  const what = type === 'app' ? 'An authenticator app' : 'A passkey';
  const reason = `${what} was ${change === 'create' ? 'added' : 'removed'}.`;
  const claims = { credential_type: type, change_type: change };
  return { signals: [{ ...basis(entry), type: signalTypes.credentialChange, subject: { user }, claims, reason }] };
}

function everythingEnded(entry: AuditEntry, reason: string): Partial<Occurrence> {
  const subject = { everything: true } as const;
  return { signals: [{ ...basis(entry), type: signalTypes.sessionRevoked, subject, claims: {}, reason }] };
}
