import { type Keeper, kept } from '../kept.ts';
import type { Store } from '../storage/store.ts';
import { countFleet, type FleetCell } from './fleet-count.ts';

type Counter = Keeper<readonly FleetCell[]>;

/** Fewer are counted within some milliseconds. */
const manyDevices = 5000;

const counters = new WeakMap<Store, Counter>();

/**
 * Counts the fleet, once for all who ask, whatever they count it for: 100,000 devices take a tenth of a second. An answer says
 * when it was counted, which is some two minutes ago at most; a small fleet is counted for each.
 */
export function fleetCounterOf(store: Store): Counter {
  const known = counters.get(store);
  if (known !== undefined) return known;
  const counter = kept<readonly FleetCell[]>({
    run: (_now, pause) => countFleet(store.read, pause),
    isDear: (cells) => cells.reduce((sum, { devices }) => sum + devices, 0) > manyDevices,
  });
  counters.set(store, counter);
  return counter;
}
