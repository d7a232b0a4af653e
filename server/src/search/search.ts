import type { Kysely } from 'kysely';
import { type Id, idPrefixes } from '@postern/shared/ids';
import type { DeviceState } from '@postern/shared/protocol/enrollment';
import type { ExceptionKind, ExceptionState } from '@postern/shared/protocol/exception';
import type { SearchAnswer } from '@postern/shared/protocol/search';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';
import { findNamed } from '../storage/find-named.ts';

type Read = Kysely<Database>;
type Device = SearchAnswer['devices'][number];

/** Of each kind: who does not see it among these types more. */
const most = 6;
/** So many people of a name are put in order. Where there are more, the newest are. */
const mostSorted = 200;

/** The first of each kind whose name holds these letters, or whose id begins so, and what belongs to those people and devices. */
export async function search({ store }: Pick<Deps, 'store'>, wanted: string): Promise<SearchAnswer> {
  const { read } = store;
  const people = await findPeople(read, wanted);
  const owners = people.map(({ id }) => id);
  const devices = await findDevices(read, wanted, owners);
  const exceptions = await findExceptions(read, wanted, { people, devices });
  return { people, devices, exceptions };
}

async function findPeople(read: Read, wanted: string): Promise<SearchAnswer['people']> {
  const range = rangeOf('user', wanted);
  const query = read.selectFrom('users').select(['id', 'name', 'email', 'active']);
  const ids = range === undefined ? (await findNamed(read, 'users', wanted, mostSorted)).ids : [];
  if (range === undefined && ids.length === 0) return [];
  const rows = await (
    range === undefined ? query.where('id', 'in', ids) : query.where('id', '>=', range.from).where('id', '<', range.to)
  )
    // Whoever is here is looked for more often than whoever has left.
    .orderBy('active', 'desc')
    .orderBy('name')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(({ id, name, email, active }) => ({ id: id as Id<'user'>, name, email, active: active === 1 }));
}

async function findDevices(read: Read, wanted: string, owners: readonly string[]): Promise<Device[]> {
  const range = rangeOf('device', wanted);
  const devices = read
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.owner_id')
    .select(['devices.id', 'devices.name', 'devices.platform', 'devices.state', 'users.name as owner'])
    .orderBy('devices.id', 'desc')
    .limit(most);
  const ids = range === undefined ? (await findNamed(read, 'devices', wanted, most)).ids : [];
  const named =
    range !== undefined
      ? await devices.where('devices.id', '>=', range.from).where('devices.id', '<', range.to).execute()
      : ids.length === 0
        ? []
        : await devices.where('devices.id', 'in', ids).execute();
  const owned =
    owners.length === 0 || named.length === most ? [] : await devices.where('devices.owner_id', 'in', owners).execute();
  const all = new Map([...named, ...owned].map((row) => [row.id, row]));
  return [...all.values()].slice(0, most).map(({ id, name, platform, state, owner }) => ({
    id: id as Id<'device'>,
    name,
    platform: platform as Device['platform'],
    state: state as DeviceState,
    owner,
  }));
}

async function findExceptions(
  read: Read,
  wanted: string,
  { people, devices }: Pick<SearchAnswer, 'people' | 'devices'>,
): Promise<SearchAnswer['exceptions']> {
  const range = rangeOf('exception', wanted);
  const exceptions = read
    .selectFrom('exceptions')
    .innerJoin('users', 'users.id', 'exceptions.person_id')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .select(['exceptions.id', 'exceptions.kind', 'exceptions.state', 'users.name as person', 'devices.name as device'])
    .orderBy('exceptions.id', 'desc')
    .limit(most);
  const of = (column: 'person_id' | 'device_id', ids: readonly string[]) =>
    ids.length === 0 ? [] : exceptions.where(`exceptions.${column}`, 'in', ids).execute();
  const found =
    range === undefined
      ? await Promise.all([
          of(
            'person_id',
            people.map(({ id }) => id),
          ),
          of(
            'device_id',
            devices.map(({ id }) => id),
          ),
        ])
      : [await exceptions.where('exceptions.id', '>=', range.from).where('exceptions.id', '<', range.to).execute()];
  const all = new Map(found.flat().map((row) => [row.id, row]));
  return [...all.values()]
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, most)
    .map(({ id, kind, state, person, device }) => ({
      id: id as Id<'exception'>,
      kind: kind as ExceptionKind,
      state: state as ExceptionState,
      person,
      device,
    }));
}

/** Ids that begin so, where the letters are the beginning of an id of that kind. */
function rangeOf(kind: 'user' | 'device' | 'exception', wanted: string): { from: string; to: string } | undefined {
  const prefix = `${idPrefixes[kind]}_`;
  const begins = wanted.toLowerCase();
  // Behind all digits of an id, in every collation.
  return begins.startsWith(prefix) ? { from: begins, to: `${begins}g` } : undefined;
}
