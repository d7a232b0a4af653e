import { unknown } from '../finding.ts';
import { knownBrowsers, upstreamVersion } from './known.ts';
import type { BrowserSource } from './source.ts';

const roots = ['/snap', '/var/lib/snapd/snap'];

/** From what lies in the mounted snap itself: snapd is not asked, and where it is switched off nothing waits for it. */
export const readSnaps: BrowserSource = async (system) => {
  const found: { name: string; version: string; source: string }[] = [];
  let inUse = false;
  for (const root of roots) {
    const names = new Set(await system.list(root));
    inUse ||= names.size > 0;
    for (const { name, snaps = [] } of knownBrowsers) {
      for (const snap of snaps.filter((each) => names.has(each))) {
        const path = `${root}/${snap}/current/meta/snap.yaml`;
        const file = await system.readFile(path);
        // What was removed leaves its empty folder until the next start.
        if (file.outcome === 'absent') continue;
        const stated =
          file.outcome === 'read' ? /^version:\s*["']?([\w.+~-]{1,64})["']?\s*$/m.exec(file.text)?.[1] : undefined;
        const version = stated === undefined ? undefined : upstreamVersion(stated);
        if (version === undefined) {
          return unknown('output-unreadable', `${path} does not tell the version of ${snap}.`, path);
        }
        found.push({ name, version, source: 'snap' });
      }
    }
    // The second is where the first leads to, on systems that have no /snap.
    if (names.size > 0) break;
  }
  return inUse ? found : undefined;
};
