import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { DeviceState } from '@postern/shared/protocol/enrollment';
import type { VerdictStatus } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';
import { type DeviceFacts, deviceQuery, factsOf } from './facts.ts';
import { standingOf } from './standing.ts';
import { deviceSummary } from './view.ts';

export interface DeviceFilter {
  state?: DeviceState | undefined;
  status?: VerdictStatus | 'never-attested' | undefined;
  owner?: string | undefined;
  /** Part of the device's or the owner's name, or a whole id. */
  q?: string | undefined;
  /** Only devices enrolled before this one. */
  after?: string | undefined;
  limit: number;
}

/** Devices looked at in one query of a search by status. */
const batch = 500;
/** A status is computed, not stored: a search for a rare one stops here and the page says where to go on. */
const maxBatches = 20;

/** Devices, newest first. A page may hold fewer than `limit` and still name a next one. */
export async function listDevices(deps: Pick<Deps, 'store' | 'policies'>, filter: DeviceFilter, now: Instant) {
  const items: ReturnType<typeof deviceSummary>[] = [];
  const size = filter.status === undefined ? filter.limit + 1 : batch;
  let after = filter.after;
  for (let round = 0; round < maxBatches; round += 1) {
    const ids = await matchingIds(deps.store.read, { ...filter, after }, size);
    const byId = await readMany(deps.store.read, ids);
    for (const id of ids) {
      if (items.length === filter.limit) return { items, next: after ?? null };
      after = id;
      const facts = byId.get(id);
      if (facts === undefined) continue;
      const item = deviceSummary(facts, standingOf(facts, await deps.policies.at(facts.policyEpoch), null, now));
      if (filter.status === undefined || item.status === filter.status) items.push(item);
    }
    if (ids.length < size) return { items, next: null };
  }
  return { items, next: after ?? null };
}

async function matchingIds(read: Kysely<Database>, filter: DeviceFilter, limit: number): Promise<string[]> {
  let query = read
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.owner_id')
    .select('devices.id')
    .orderBy('devices.id', 'desc')
    .limit(limit);
  if (filter.state !== undefined) query = query.where('devices.state', '=', filter.state);
  if (filter.owner !== undefined) query = query.where('devices.owner_id', '=', filter.owner);
  if (filter.after !== undefined) query = query.where('devices.id', '<', filter.after);
  if (filter.q !== undefined) {
    const { q } = filter;
    const pattern = `%${q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((where) =>
      where.or([
        where('devices.id', '=', q),
        sql<boolean>`lower(devices.name) like ${pattern} escape '\\'`,
        sql<boolean>`lower(users.name) like ${pattern} escape '\\'`,
      ]),
    );
  }
  const rows = await query.execute();
  return rows.map((row) => row.id);
}

async function readMany(read: Kysely<Database>, ids: readonly string[]): Promise<Map<string, DeviceFacts>> {
  if (ids.length === 0) return new Map();
  const rows = await deviceQuery(read).where('devices.id', 'in', ids).execute();
  const facts = new Map<string, DeviceFacts>();
  for (const group of Map.groupBy(rows, (row) => row.id).values()) {
    const device = factsOf(group);
    if (device !== undefined) facts.set(device.id, device);
  }
  return facts;
}
