import { type ExpressionBuilder, type ExpressionWrapper, type Kysely, type SqlBool } from 'kysely';
import type { FacetFilter } from '@postern/shared/protocol/fleet';
import { type Called, findNamed, isNamed } from '../storage/find-named.ts';
import type { Database } from '../storage/database.ts';

/** What devices are narrowed by. */
export type DeviceFilter = FacetFilter & {
  /** Part of the name of the device, or of the name or address of its person; or a whole id. */
  q?: string | undefined;
};

/** What is searched for, with what it means. */
export interface Sought {
  q: string;
  people: Called;
  devices: Called;
}

type Where = ExpressionBuilder<Database, 'devices'>;
type Condition = ExpressionWrapper<Database, 'devices', SqlBool>;

const mostCalled = 200;
/** A whole id is in no name: nothing is looked through for it. */
const wholeId = /^(dev|usr)_[0-9a-f]{32}$/;

/** Looks through the names once, and not with every window of devices. */
export async function soughtBy(read: Kysely<Database>, q: string | undefined): Promise<Sought | undefined> {
  if (q === undefined) return undefined;
  if (wholeId.test(q)) {
    const one = { ids: [q], isMany: false };
    return { q, people: one, devices: one };
  }
  const people = await findNamed(read, 'users', q, mostCalled);
  return { q, people, devices: await findNamed(read, 'devices', q, mostCalled) };
}

/** Whether an index leads to all of it. */
export function areFew({ people, devices }: Sought): boolean {
  return !people.isMany && !devices.isMany;
}

/** All of a filter but the status, which is kept elsewhere. */
export function conditionsOf(
  where: Where,
  filter: Omit<DeviceFilter, 'status' | 'q'>,
  sought: Sought | undefined,
): Condition {
  const { state, platform, keyProtection, ownership, quarantine, owner } = filter;
  return where.and([
    ...(state === undefined ? [] : [where('devices.state', '=', state)]),
    ...(platform === undefined ? [] : [where('devices.platform', '=', platform)]),
    ...(keyProtection === undefined ? [] : [where('devices.key_protection', '=', keyProtection)]),
    ...(ownership === undefined ? [] : [where('devices.ownership', '=', ownership)]),
    ...(quarantine === undefined
      ? []
      : [where('devices.quarantine_cause', quarantine === 'yes' ? 'is not' : 'is', null)]),
    ...(owner === undefined ? [] : [where('devices.owner_id', '=', owner)]),
    ...(sought === undefined ? [] : [saysText(where, sought)]),
  ]);
}

function saysText(where: Where, { q, people, devices }: Sought): Condition {
  const among = (column: 'devices.id' | 'devices.owner_id', ids: readonly string[]) =>
    ids.length === 0 ? [] : [where(column, 'in', ids)];
  return where.or([
    ...(devices.isMany ? [isNamed('devices', q)] : among('devices.id', devices.ids)),
    ...(people.isMany
      ? [where('devices.owner_id', 'in', where.selectFrom('users').select('users.id').where(isNamed('users', q)))]
      : among('devices.owner_id', people.ids)),
  ]);
}
