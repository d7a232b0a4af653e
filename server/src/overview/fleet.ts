import { type FleetCounts, fleetParts } from '@postern/shared/protocol/overview';
import type { Instant } from '@postern/shared/time';
import type { Store } from '../storage/store.ts';

type Read = Store['read'];

const judged = ['compliant', 'grace', 'non-compliant', 'stale', 'never-attested'] as const;

/**
 * How many devices stand how, by what the signaller keeps of each (device_trust.posture). Whole indexes are counted, and only
 * the few devices that are not simply active are looked at one by one: of 100,000 devices this takes a moment, where
 * judging them would take a minute.
 */
export async function countFleet(read: Read, now: Instant): Promise<FleetCounts> {
  const [states, postures, others, quarantined, excepted] = await Promise.all([
    read
      .selectFrom('devices')
      .select(['state', ({ fn }) => fn.countAll().as('count')])
      .groupBy('state')
      .execute(),
    read
      .selectFrom('device_trust')
      .select(['posture', ({ fn }) => fn.countAll().as('count')])
      .groupBy('posture')
      .execute(),
    read
      .selectFrom('devices')
      .innerJoin('device_trust as trust', 'trust.device_id', 'devices.id')
      .select(['trust.posture', ({ fn }) => fn.countAll().as('count')])
      .where('devices.state', 'in', ['pending', 'suspended', 'retired'])
      .groupBy('trust.posture')
      .execute(),
    read
      .selectFrom('devices')
      .leftJoin('device_trust as trust', 'trust.device_id', 'devices.id')
      .select(['trust.posture', ({ fn }) => fn.countAll().as('count')])
      .where('devices.quarantined_at', 'is not', null)
      .where('devices.state', '=', 'active')
      .groupBy('trust.posture')
      .execute(),
    countExcepted(read, now),
  ]);
  const inState = (state: string) => Number(states.find((row) => row.state === state)?.count ?? 0);
  const counts = Object.fromEntries(fleetParts.map((part) => [part, 0])) as FleetCounts;
  for (const posture of judged) {
    // What was counted at different instants may not add up for one of them.
    counts[posture] = Math.max(0, of(postures, posture) - of(others, posture) - of(quarantined, posture));
  }
  counts.excepted = Math.min(excepted, counts.compliant);
  counts.compliant -= counts.excepted;
  counts.quarantined = quarantined.reduce((sum, { count }) => sum + Number(count), 0);
  counts.suspended = inState('suspended');
  counts.pending = inState('pending');
  const known = judged.reduce((sum, posture) => sum + counts[posture], counts.excepted + counts.quarantined);
  counts.unknown = Math.max(0, inState('active') - known);
  return counts;
}

export function totalOf(counts: FleetCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function of(rows: readonly { posture: string | null; count: number | string | bigint }[], posture: string): number {
  return Number(rows.find((row) => row.posture === posture)?.count ?? 0);
}

/** Devices that are fine, and under an exception: without it they might not be. */
async function countExcepted(read: Read, now: Instant): Promise<number> {
  const { count } = await read
    .selectFrom('exceptions')
    .innerJoin('devices', 'devices.id', 'exceptions.device_id')
    .innerJoin('device_trust as trust', 'trust.device_id', 'exceptions.device_id')
    .select(({ fn }) => fn.count('exceptions.device_id').distinct().as('count'))
    .where('exceptions.state', '=', 'active')
    .where('exceptions.expires_at', '>', now)
    .where('exceptions.begins_at', '<=', now)
    .where('exceptions.kind', '=', 'device')
    .where('devices.state', '=', 'active')
    .where('devices.quarantined_at', 'is', null)
    .where('trust.posture', '=', 'compliant')
    .executeTakeFirstOrThrow();
  return Number(count);
}
