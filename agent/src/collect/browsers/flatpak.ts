import { unknown } from '../finding.ts';
import type { System } from '../system.ts';
import { knownBrowsers, upstreamVersion } from './known.ts';
import type { BrowserSource } from './source.ts';

/** Installed for all, and by a person for themselves, from what each application says of itself (AppStream). */
export const readFlatpaks: BrowserSource = async (system) => {
  const data = system.env['XDG_DATA_HOME'];
  const own = data?.startsWith('/') === true ? data : `${system.home}/.local/share`;
  const found: { name: string; version: string; source: string }[] = [];
  let inUse = false;
  for (const root of ['/var/lib/flatpak/app', `${own}/flatpak/app`]) {
    const installed = new Set(await system.list(root));
    inUse ||= installed.size > 0;
    for (const { name, flatpaks = [] } of knownBrowsers) {
      for (const id of flatpaks.filter((each) => installed.has(each))) {
        const folder = `${root}/${id}/current/active`;
        if ((await system.list(folder)) === undefined) continue;
        const version = await versionOf(system, folder, id);
        if (version === undefined) {
          return unknown('no-data', `flatpak does not tell the version of ${id}. Run “flatpak info ${id}”.`, folder);
        }
        found.push({ name, version, source: 'flatpak' });
      }
    }
  }
  return inUse ? found : undefined;
};

async function versionOf(system: System, folder: string, id: string): Promise<string | undefined> {
  for (const path of [
    `${folder}/files/share/metainfo/${id}.metainfo.xml`,
    `${folder}/files/share/metainfo/${id}.appdata.xml`,
    `${folder}/files/share/appdata/${id}.appdata.xml`,
  ]) {
    const file = await system.readFile(path);
    if (file.outcome === 'read') return newestRelease(file.text);
  }
  return undefined;
}

/** Releases stand newest first. */
export function newestRelease(xml: string): string | undefined {
  const plain = xml.replace(/<!--[^]*?(?:-->|$)/g, '');
  const release = /<release\s([^<>]{1,512})>/.exec(plain)?.[1];
  const stated = release === undefined ? undefined : /(?:^|\s)version\s*=\s*["']([^"']{1,64})["']/.exec(release)?.[1];
  return stated === undefined ? undefined : upstreamVersion(stated);
}
