import { type DeviceFacets, type Facet, type FacetFilter, facetValues } from '@postern/shared/protocol/fleet';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { FleetCell } from './fleet-count.ts';

const facets = Object.keys(facetValues) as Facet[];

/**
 * How many devices each answer would leave. Pure. A facet is counted without its own filter: somebody who looks at Linux sees how
 * many there are of Windows, and may change over.
 */
export function facetsOf(
  cells: readonly FleetCell[],
  filter: Omit<FacetFilter, 'owner'>,
  countedAt: Instant,
): DeviceFacets {
  const left = (by: readonly Facet[]) =>
    cells.filter((cell) => by.every((facet) => filter[facet] === undefined || filter[facet] === cell[facet]));
  const counts = facets.map((facet) => {
    const among = left(facets.filter((other) => other !== facet));
    return [facet, Object.fromEntries(facetValues[facet].map((value) => [value, sum(among, facet, value)]))];
  });
  return {
    total: left(facets).reduce((count, { devices }) => count + devices, 0),
    facets: Object.fromEntries(counts) as DeviceFacets['facets'],
    notLookedAt: sum(cells, 'status', null),
    countedAt: toTimestamp(countedAt),
  };
}

function sum(cells: readonly FleetCell[], facet: Facet, value: string | null): number {
  return cells.reduce((count, cell) => (cell[facet] === value ? count + cell.devices : count), 0);
}
