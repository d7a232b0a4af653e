import type { Kysely } from 'kysely';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';
import { type DeviceFilter, soughtBy } from './device-filter.ts';
import { type DeviceFacts, deviceQuery, factsOf } from './facts.ts';
import { nextMatching } from './matching.ts';
import { standingOf } from './standing.ts';
import { deviceSummary } from './view.ts';

/** A search for what is rare stops here, and the page says where to go on. */
const mostWindows = 10;

type Page = { after?: string | undefined; limit: number };

/**
 * Devices, newest first. A page may hold fewer than `limit` and still name a next one.
 *
 * Searched is by the status that is kept (device_trust.posture); shown is the one at `now`. Where the two differ, the device is
 * left out rather than shown among those that it is not one of.
 */
export async function listDevices(
  deps: Pick<Deps, 'store' | 'policies'>,
  { after, limit, q, ...filter }: DeviceFilter & Page,
  now: Instant,
) {
  const items: ReturnType<typeof deviceSummary>[] = [];
  const narrowing = { ...filter, sought: await soughtBy(deps.store.read, q) };
  let from = after;
  for (let windows = 0; windows < mostWindows; windows += 1) {
    // One more than fits says whether there is a next page.
    const { ids, through } = await nextMatching(deps.store.read, narrowing, {
      after: from,
      limit: limit + 1 - items.length,
    });
    const byId = await readMany(deps.store.read, ids);
    for (const id of ids) {
      const facts = byId.get(id);
      if (facts === undefined) continue;
      if (items.length === limit) return { items, next: items.at(-1)?.id ?? null };
      const item = deviceSummary(facts, standingOf(facts, await deps.policies.at(facts.policyEpoch), null, now));
      if (filter.status === undefined || item.status === filter.status) items.push(item);
    }
    if (through === null) return { items, next: null };
    from = through;
  }
  return { items, next: from ?? null };
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
