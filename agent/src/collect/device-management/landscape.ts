import type { System } from '../system.ts';
import type { Place } from './place.ts';

const path = '/etc/landscape/client.conf';

/** Canonical's Landscape: the package brings an empty configuration, and joining an account fills it in. */
export async function lookAtLandscape(system: System): Promise<Place> {
  const file = await system.readFile(path);
  if (file.outcome === 'absent') return {};
  if (file.outcome !== 'read') return { hidden: path };
  return /^[ \t]*account_name[ \t]*=[ \t]*\S/m.test(file.text) ? { mdm: 'landscape', seen: path } : {};
}
