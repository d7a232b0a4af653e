import type { Kysely } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { News } from './news.ts';

type Read = Kysely<Database>;

/** More things than that at once are not looked up: whoever they might concern is told that some have changed. */
const mostLookedUp = 200;

/** Whom things concern that do not read all of them: by the id of the device, exception or review. */
export interface Concerned {
  people: ReadonlyMap<string, ReadonlySet<string>>;
  /** Groups whose members may end an exception. */
  groups: ReadonlyMap<string, readonly string[]>;
  /** There were too many to look up. */
  tooMany: boolean;
}

const nobody: Concerned = { people: new Map(), groups: new Map(), tooMany: false };

/** Looks up whom news concern, in a query for each kind of thing, however many they are. */
export async function readConcerned(read: Read, news: readonly News[]): Promise<Concerned> {
  const ids = (kind: 'device' | 'exception' | 'review') => [
    ...new Set(news.flatMap((each) => (each[kind] === undefined ? [] : [each[kind]]))),
  ];
  const [devices, exceptions, reviews] = [ids('device'), ids('exception'), ids('review')];
  if (devices.length + exceptions.length + reviews.length > mostLookedUp) return { ...nobody, tooMany: true };
  const [owned, asked, opened] = await Promise.all([
    readOwners(read, devices),
    readExceptions(read, exceptions),
    readReviews(read, reviews),
  ]);
  const people = new Map<string, Set<string>>();
  const concerns = (id: string, ...whom: (string | null)[]) => {
    const known = people.get(id) ?? new Set();
    people.set(id, known);
    for (const each of whom) if (each !== null) known.add(each);
  };
  for (const { id, owner_id } of owned) concerns(id, owner_id);
  for (const row of asked) concerns(row.id, row.person_id, row.requested_by, row.owner_id, row.manager_id);
  for (const row of opened) concerns(row.id, row.person_id, ...(JSON.parse(row.reviewers) as string[]));
  const groups = new Map(
    asked.map(({ id, plan }) => [id, (JSON.parse(plan) as { operators?: string[] }).operators ?? []]),
  );
  return { people, groups, tooMany: false };
}

async function readOwners(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read.selectFrom('devices').select(['id', 'owner_id']).where('id', 'in', ids).execute();
}

async function readExceptions(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read
    .selectFrom('exceptions')
    .innerJoin('users', 'users.id', 'exceptions.person_id')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .select(['exceptions.id', 'exceptions.person_id', 'exceptions.requested_by', 'exceptions.plan'])
    .select(['users.manager_id', 'devices.owner_id'])
    .where('exceptions.id', 'in', ids)
    .execute();
}

async function readReviews(read: Read, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await read.selectFrom('reviews').select(['id', 'person_id', 'reviewers']).where('id', 'in', ids).execute();
}
