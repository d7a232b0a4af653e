import { type ExpressionBuilder, type ExpressionWrapper, type Kysely, type SqlBool, sql } from 'kysely';
import type { FacetFilter } from '@postern/shared/protocol/fleet';
import type { Database } from '../storage/database.ts';

/** What devices are narrowed by. */
export type DeviceFilter = FacetFilter & {
  /** Part of the name of the device, or of the name or address of its person; or a whole id. */
  q?: string | undefined;
};

/** What is searched for, with the people whom it means. */
export interface Sought {
  q: string;
  /** Null: so many that they are looked up with each device, of which enough are found soon. */
  owners: readonly string[] | null;
}

type Where = ExpressionBuilder<Database, 'devices'>;
type Condition = ExpressionWrapper<Database, 'devices', SqlBool>;

const mostOwners = 200;
/** A whole id is in no name: nothing is looked through for it. */
const wholeId = /^(dev|usr)_[0-9a-f]{32}$/;

/** Looks through the people once, and not with every window of devices. */
export async function soughtBy(read: Kysely<Database>, q: string | undefined): Promise<Sought | undefined> {
  if (q === undefined) return undefined;
  if (wholeId.test(q)) return { q, owners: [] };
  const rows = await read
    .selectFrom('users')
    .select('id')
    .where(isCalled(q))
    .limit(mostOwners + 1)
    .execute();
  return { q, owners: rows.length > mostOwners ? null : rows.map(({ id }) => id) };
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

function saysText(where: Where, { q, owners }: Sought): Condition {
  if (wholeId.test(q)) return where.or([where('devices.id', '=', q), where('devices.owner_id', '=', q)]);
  return where.or([
    sql<boolean>`lower(devices.name) like ${patternOf(q)} escape '\\'`,
    ...(owners === null
      ? [where('devices.owner_id', 'in', where.selectFrom('users').select('users.id').where(isCalled(q)))]
      : owners.length === 0
        ? []
        : [where('devices.owner_id', 'in', owners)]),
  ]);
}

const isCalled = (q: string) =>
  sql<boolean>`(lower(users.name) like ${patternOf(q)} escape '\\' or lower(users.email) like ${patternOf(q)} escape '\\')`;

function patternOf(q: string): string {
  return `%${q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
