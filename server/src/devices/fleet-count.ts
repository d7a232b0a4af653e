import { type Kysely, sql } from 'kysely';
import type { Facet } from '@postern/shared/protocol/fleet';
import { briefly, type Pause } from '../kept.ts';
import type { Database } from '../storage/database.ts';
import { endOfWindow } from '../storage/end-of-window.ts';

/** How many devices are alike in all that is counted. */
export interface FleetCell extends Record<Exclude<Facet, 'status'>, string> {
  /** Null: not looked at yet. */
  status: string | null;
  devices: number;
}

/** Devices counted in one query: some milliseconds, for which SQLite holds up whoever asks for a token meanwhile. */
const windowSize = 2500;

/**
 * Counts devices by all that they are narrowed by, at once: a few hundred cells, however many devices there are. Any count
 * under any filter is a sum of them.
 */
export async function countFleet(read: Kysely<Database>, pause: Pause = briefly): Promise<FleetCell[]> {
  const cells = new Map<string, number>();
  for (let after = ''; ;) {
    const end = await endOfWindow(read, 'devices', { after }, windowSize);
    let query = countBy(read).where('devices.id', '>', after);
    if (end !== undefined) query = query.where('devices.id', '<=', end);
    for (const { key, devices } of await query.execute()) cells.set(key, (cells.get(key) ?? 0) + Number(devices));
    if (end === undefined) break;
    after = end;
    await pause();
  }
  return [...cells].map(([key, devices]) => cellOf(key, devices));
}

/** Those of one person, which are few. */
export async function countOwned(read: Kysely<Database>, owner: string): Promise<FleetCell[]> {
  const rows = await countBy(read).where('devices.owner_id', '=', owner).execute();
  return rows.map(({ key, devices }) => cellOf(key, Number(devices)));
}

function countBy(read: Kysely<Database>) {
  // None of these words holds a space. By one text, because SQLite groups by six columns in eight times the time.
  const key = sql<string>`devices.state || ' ' || devices.platform || ' ' || devices.key_protection || ' ' ||
    devices.ownership || ' ' || (case when devices.quarantine_cause is null then 'no' else 'yes' end) || ' ' ||
    coalesce(device_trust.posture, '')`;
  return read
    .selectFrom('devices')
    .leftJoin('device_trust', 'device_trust.device_id', 'devices.id')
    .select(({ fn }) => [key.as('key'), fn.countAll<number | string>().as('devices')])
    .groupBy('key');
}

function cellOf(key: string, devices: number): FleetCell {
  const [state = '', platform = '', keyProtection = '', ownership = '', quarantine = '', status = ''] = key.split(' ');
  return { state, platform, keyProtection, ownership, quarantine, status: status === '' ? null : status, devices };
}
