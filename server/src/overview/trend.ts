import { type FleetCounts, type FleetPart, fleetParts, type Overview } from '@postern/shared/protocol/overview';
import { day, type Instant, toTimestamp } from '@postern/shared/time';
import { deleteAny, insert } from '../storage/change.ts';
import { ConflictError, type Store } from '../storage/store.ts';

/** So far back the overview looks. */
const daysShown = 60;

/** How the fleet stood at the end of each of the last days, oldest first; the last one is today so far. */
export async function readTrend(read: Store['read'], now: Instant): Promise<Overview['trend']> {
  const today = Math.floor(now / day);
  const rows = await read
    .selectFrom('fleet_days')
    .select(['day', 'posture', 'devices'])
    .where('day', '>', today - daysShown)
    .where('day', '<=', today)
    .orderBy('day')
    .execute();
  const days = Map.groupBy(
    rows.filter(({ posture }) => isPart(posture)),
    (row) => row.day,
  );
  return [...days].map(([number, counted]) => ({
    day: toTimestamp(number * day).slice(0, 10),
    counts: Object.fromEntries(counted.map(({ posture, devices }) => [posture, devices])),
  }));
}

/** Writes down how the fleet stands, as that of today. What the last count of a day says, it says for good. */
export async function keepDay(store: Store, counts: FleetCounts, now: Instant): Promise<void> {
  const today = Math.floor(now / day);
  const rows = fleetParts.map((posture) => ({ day: today, posture, devices: counts[posture] }));
  try {
    await store.commit({
      changes: [deleteAny('fleet_days', { day: today }), ...rows.map((row) => insert('fleet_days', row))],
      audit: [],
    });
  } catch (error) {
    // Another node counted at the same instant: its count is as good.
    if (!(error instanceof ConflictError)) throw error;
  }
}

/** A part that a later version counts is for that version to show. */
function isPart(name: string): name is FleetPart {
  return (fleetParts as readonly string[]).includes(name);
}
