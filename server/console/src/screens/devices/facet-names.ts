import type { Facet } from '@postern/shared/protocol/fleet';
import { t } from '../../strings/index.ts';

/** In the order in which somebody asks. */
export const facetNames: readonly Facet[] = ['status', 'state', 'quarantine', 'platform', 'keyProtection', 'ownership'];

/** What is asked of the list, and stands in the address. */
export const filterNames = [...facetNames, 'owner', 'q'] as const;

/** What people call an answer; what an address may hold besides is shown as it is. */
export function valueName(facet: Facet, value: string): string {
  const names: Readonly<Record<string, string>> = t.devices.values[facet];
  return Object.hasOwn(names, value) ? (names[value] ?? value) : value;
}
