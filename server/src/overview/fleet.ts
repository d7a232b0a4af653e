import { sql } from 'kysely';
import { type FleetCounts, type FleetPart, fleetParts } from '@postern/shared/protocol/overview';
import type { Instant } from '@postern/shared/time';
import type { FleetCell } from '../devices/index.ts';
import { briefly, type Pause } from '../kept.ts';
import type { Store } from '../storage/store.ts';

type Read = Store['read'];

/** Exceptions looked through in one query, for which SQLite holds up whoever asks for a token meanwhile. */
const windowSize = 250;

/** How many devices stand how, by what the signaller keeps of each (device_trust.posture). Pure. */
export function fleetOf(cells: readonly FleetCell[], excepted: number): FleetCounts {
  const counts = Object.fromEntries(fleetParts.map((part) => [part, 0])) as FleetCounts;
  for (const cell of cells) {
    const part = partOf(cell);
    if (part !== undefined) counts[part] += cell.devices;
  }
  // What was counted at different instants may not add up.
  counts.excepted = Math.min(excepted, counts.compliant);
  counts.compliant -= counts.excepted;
  return counts;
}

/** Where a device counts; undefined: nowhere. */
function partOf({ state, quarantine, status }: FleetCell): FleetPart | undefined {
  if (state === 'suspended' || state === 'pending') return state;
  if (state !== 'active') return undefined;
  if (quarantine === 'yes') return 'quarantined';
  return fleetParts.find((part) => part === status) ?? 'unknown';
}

export function totalOf(counts: FleetCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many devices are fine but for an exception, and how many exceptions were looked at for it. */
export interface Excepted {
  devices: number;
  looked: number;
}

/** Devices that are fine, and under an exception: without it they might not be. */
export async function countExcepted(read: Read, now: Instant, pause: Pause = briefly): Promise<Excepted> {
  const devices = new Set<string>();
  let looked = 0;
  for (let place = { end: now, id: '' }; ;) {
    const rows = await endingAfter(read, place).execute();
    for (const row of rows)
      if (row.begins_at !== null && row.begins_at <= now && row.is_fine === 1) devices.add(row.device_id);
    looked += rows.length;
    const last = rows.at(-1);
    if (last === undefined || last.expires_at === null || rows.length < windowSize) {
      return { devices: devices.size, looked };
    }
    place = { end: last.expires_at, id: last.id };
    await pause();
  }
}

/** What is granted and ends after that, in order: the first of it. */
function endingAfter(read: Read, { end, id }: { end: Instant; id: string }) {
  return read
    .selectFrom('exceptions')
    .leftJoin('devices', 'devices.id', 'exceptions.device_id')
    .leftJoin('device_trust as trust', 'trust.device_id', 'exceptions.device_id')
    .select(['exceptions.id', 'exceptions.device_id', 'exceptions.begins_at', 'exceptions.expires_at'])
    .select(
      sql<number>`case when exceptions.kind = 'device' and devices.state = 'active' and devices.quarantined_at is null
        and trust.posture = 'compliant' then 1 else 0 end`.as('is_fine'),
    )
    .where('exceptions.state', '=', 'active')
    .where('exceptions.expires_at', '>=', end)
    .where((where) =>
      where.or([
        where('exceptions.expires_at', '>', end),
        // What ends right now is over.
        ...(id === '' ? [] : [where('exceptions.id', '>', id)]),
      ]),
    )
    .orderBy('exceptions.expires_at')
    .orderBy('exceptions.id')
    .limit(windowSize);
}
