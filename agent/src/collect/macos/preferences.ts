// Read from recorded output; not run on the system itself.
import type { Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { dictOf, type Plist, type PlistDict } from './plist.ts';
import { readPlist, unreadPlist } from './read-plist.ts';

export const managedPreferences = '/Library/Managed Preferences';

/** What a management profile sets for this user lies in a folder of their name. */
export function managedFolderOf({ home }: Pick<System, 'home'>): string | undefined {
  const user = /^\/Users\/([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(home)?.[1];
  return user && `${managedPreferences}/${user}`;
}

export type Preferences =
  | { outcome: 'read'; get(key: string): Plist | undefined }
  | { outcome: 'unread'; finding: Finding<never> };

/**
 * The preferences of the whole machine in one domain. What a management profile sets wins over what somebody
 * chose, and is in another file; where a stronger file cannot be read, the weaker ones prove nothing.
 */
export async function readPreferences(system: System, domain: string): Promise<Preferences> {
  const folders = [managedFolderOf(system), managedPreferences, '/Library/Preferences'];
  const layers: PlistDict[] = [];
  for (const folder of folders) {
    if (folder === undefined) continue;
    const path = `${folder}/${domain}.plist`;
    const result = await readPlist(system, path);
    if (result.outcome === 'absent') continue;
    if (result.outcome !== 'read') return { outcome: 'unread', finding: unreadPlist(result, path) };
    const layer = dictOf(result.value);
    if (layer === undefined) return { outcome: 'unread', finding: unreadPlist({ outcome: 'absent' }, path) };
    layers.push(layer);
  }
  return { outcome: 'read', get: (key) => layers.find((layer) => layer.has(key))?.get(key) };
}
