import type { Kysely } from 'kysely';
import { type AuditEntry, parseEntry } from '../audit/chain.ts';
import type { Database } from '../storage/database.ts';

type Read = Kysely<Database>;

/** An entry that somebody may be told of, with what a person wrote. */
export interface ToldEntry extends AuditEntry {
  text: string | null;
}

/** The exception, review, device and person that an entry is about, as far as it says so. */
export function subjectsOf({ subject, data }: Pick<AuditEntry, 'subject' | 'data'>) {
  const named = (kind: string) => {
    const given = subject?.kind === kind ? subject.id : data[kind];
    return typeof given === 'string' ? given : null;
  };
  const person = subject?.kind === 'person' ? subject.id : null;
  return { exception: named('exception'), review: named('review'), device: named('device'), person };
}

export async function readEntries(
  read: Read,
  { types, after, limit }: { types: readonly string[]; after: number; limit: number },
): Promise<ToldEntry[]> {
  const rows = await read
    .selectFrom('audit')
    .leftJoin('audit_texts', 'audit_texts.seq', 'audit.seq')
    .select(['audit.entry', 'audit_texts.text'])
    .where('audit.type', 'in', types)
    .where('audit.seq', '>', after)
    .orderBy('audit.seq')
    .limit(limit)
    .execute();
  return rows.map(({ entry, text }) => Object.assign(parseEntry(entry), { text: text ?? null }));
}

/** What entries are about, as it is now: names to tell it with, and whom reviews ask. */
export interface Background {
  exceptions: ReadonlyMap<string, ExceptionFacts>;
  reviews: ReadonlyMap<string, ReviewFacts>;
  devices: ReadonlyMap<string, { name: string; ownerId: string; ownerName: string }>;
  names: ReadonlyMap<string, string>;
}

export type ExceptionFacts = Awaited<ReturnType<typeof readExceptionFacts>>[number];
type ReviewFacts = Awaited<ReturnType<typeof readReviews>>[number];

/** Reads the background of a portion of entries in four queries, however many they are. */
export async function readBackground(read: Read, entries: readonly ToldEntry[]): Promise<Background> {
  const subjects = entries.map(subjectsOf);
  const ids = (kind: 'exception' | 'review' | 'device') => [
    ...new Set(subjects.flatMap((each) => (each[kind] === null ? [] : [each[kind]]))),
  ];
  const reviews = await readReviews(read, ids('review'));
  const ofReviews = reviews.flatMap(({ kind, subject_id }) => (kind === 'rule' ? [] : [subject_id]));
  const [exceptions, devices, people] = await Promise.all([
    readExceptionFacts(read, [...new Set([...ids('exception'), ...ofReviews])]),
    readDevices(read, ids('device')),
    readNames(read, [
      ...new Set([
        ...subjects.flatMap(({ person }) => (person === null ? [] : [person])),
        ...entries.flatMap(({ actor }) => (actor.kind === 'person' && actor.id !== null ? [actor.id] : [])),
        ...reviews.flatMap(({ person_id }) => (person_id === null ? [] : [person_id])),
      ]),
    ]),
  ]);
  return {
    exceptions: new Map(exceptions.map((row) => [row.id, row])),
    reviews: new Map(reviews.map((row) => [row.id, row])),
    devices: new Map(
      devices.map((row) => [row.id, { name: row.name, ownerId: row.owner_id, ownerName: row.owner_name }]),
    ),
    names: new Map(people.map((row) => [row.id, row.name])),
  };
}

async function readExceptionFacts(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read
    .selectFrom('exceptions')
    .innerJoin('users as person', 'person.id', 'exceptions.person_id')
    .innerJoin('users as requester', 'requester.id', 'exceptions.requested_by')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .select(['exceptions.id', 'exceptions.kind', 'exceptions.role', 'exceptions.rules', 'exceptions.resources'])
    .select(['exceptions.template', 'exceptions.duration_ms', 'exceptions.expires_at', 'exceptions.lapses_at'])
    .select(['exceptions.person_id', 'exceptions.requested_by', 'exceptions.device_id', 'exceptions.state'])
    .select(['exceptions.request_hash', 'exceptions.ended_reason'])
    .select(['person.name as person_name', 'requester.name as requester_name', 'devices.name as device_name'])
    .where('exceptions.id', 'in', ids)
    .execute();
}

async function readReviews(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read
    .selectFrom('reviews')
    .select(['id', 'kind', 'subject_id', 'person_id', 'reviewers', 'due_at'])
    .where('id', 'in', ids)
    .execute();
}

async function readDevices(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.owner_id')
    .select(['devices.id', 'devices.name', 'devices.owner_id', 'users.name as owner_name'])
    .where('devices.id', 'in', ids)
    .execute();
}

async function readNames(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute();
}
