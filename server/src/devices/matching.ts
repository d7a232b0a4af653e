import { setImmediate as turn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/database.ts';
import { endOfWindow } from '../storage/end-of-window.ts';
import { areFew, conditionsOf, type DeviceFilter, type Sought } from './device-filter.ts';

/** Devices that one query looks through: some milliseconds, for which SQLite holds up whoever asks for a token meanwhile. */
const windowSize = 10_000;

type Narrowing = Omit<DeviceFilter, 'q'> & { sought: Sought | undefined };

/** Where a search has got to. */
export interface Found {
  /** Newest first. */
  ids: string[];
  /** What was looked through; null: everything. */
  through: string | null;
}

/**
 * Looks through the next so many devices, newest first, and stops at `limit` that match. Between two of these calls others
 * are served.
 *
 * @param after only devices enrolled before this one
 */
export async function nextMatching(
  read: Kysely<Database>,
  filter: Narrowing,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Found> {
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  const isLooked = isNarrowed && !(filter.sought !== undefined && areFew(filter.sought));
  const end = isLooked ? await endOfWindow(read, 'devices', { before: after }, windowSize) : undefined;
  const ids = await idsWithin(read, filter, { after, end, limit });
  await turn();
  if (ids.length === limit) return { ids, through: ids.at(-1) ?? null };
  return { ids, through: end ?? null };
}

async function idsWithin(
  read: Kysely<Database>,
  { status, sought, ...filter }: Narrowing,
  { after, end, limit }: { after: string | undefined; end: string | undefined; limit: number },
): Promise<string[]> {
  let query = read
    .selectFrom('devices')
    .select('devices.id')
    .where((where) => conditionsOf(where, filter, sought))
    .orderBy('devices.id', 'desc')
    .limit(limit);
  if (after !== undefined) query = query.where('devices.id', '<', after);
  if (end !== undefined) query = query.where('devices.id', '>=', end);
  if (status === undefined) return (await query.execute()).map(({ id }) => id);

  let standing = query.innerJoin('device_trust', 'device_trust.device_id', 'devices.id');
  // The same bounds where the index has them: by status first.
  if (after !== undefined) standing = standing.where('device_trust.device_id', '<', after);
  if (end !== undefined) standing = standing.where('device_trust.device_id', '>=', end);
  // Whoever was not looked at yet may stand so: the row decides.
  const isAnyUnknown = await anyUnknown(read);
  const rows = await standing
    .where((where) =>
      isAnyUnknown
        ? where.or([where('device_trust.posture', '=', status), where('device_trust.posture', 'is', null)])
        : where('device_trust.posture', '=', status),
    )
    .execute();
  return rows.map(({ id }) => id);
}

async function anyUnknown(read: Kysely<Database>): Promise<boolean> {
  const query = read.selectFrom('device_trust').select('device_id').where('posture', 'is', null).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}
