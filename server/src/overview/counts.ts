import type { FleetCounts } from '@postern/shared/protocol/overview';
import type { Instant } from '@postern/shared/time';
import { fleetCounterOf } from '../devices/index.ts';
import { type Keeper, kept } from '../kept.ts';
import type { Store } from '../storage/store.ts';
import { countExcepted, type Excepted, fleetOf } from './fleet.ts';

/** Fewer exceptions are looked at within some milliseconds. */
const manyExcepted = 250;

const keepers = new WeakMap<Store, Keeper<Excepted>>();

function exceptedOf(store: Store): Keeper<Excepted> {
  const keeper =
    keepers.get(store) ??
    kept({ run: (now, pause) => countExcepted(store.read, now, pause), isDear: ({ looked }) => looked > manyExcepted });
  keepers.set(store, keeper);
  return keeper;
}

/**
 * How the fleet stands, and when it was counted.
 *
 * @param how `ask`: as it was counted for all who ask; `renew`: now, so that whoever asks later need not wait
 */
export async function fleetCounts(
  store: Store,
  how: keyof Keeper<unknown>,
  now: Instant,
): Promise<{ counts: FleetCounts; at: Instant }> {
  const [cells, excepted] = await Promise.all([fleetCounterOf(store)[how](now), exceptedOf(store)[how](now)]);
  return { counts: fleetOf(cells.result, excepted.result.devices), at: Math.min(cells.at, excepted.at) };
}
