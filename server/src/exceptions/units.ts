import type { Unit } from '../storage/store.ts';

/** Several decisions as one: their changes and entries in this order, all or none. */
export function joined(...units: readonly Unit[]): Unit {
  return { changes: units.flatMap(({ changes }) => changes), audit: units.flatMap(({ audit }) => audit) };
}
