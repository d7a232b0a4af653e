import { browserOfPackage, upstreamVersion } from './known.ts';
import type { BrowserSource } from './source.ts';

/** pacman keeps a folder for each package, named `name-version-release`. */
export const readPacman: BrowserSource = async (system) => {
  const folders = await system.list('/var/lib/pacman/local');
  return folders?.flatMap((folder) => {
    const [, name = '', version = ''] = /^(.+)-([^-]+)-[^-]+$/.exec(folder) ?? [];
    const browser = browserOfPackage(name);
    const own = upstreamVersion(version);
    return browser === undefined || own === undefined ? [] : [{ name: browser, version: own, source: 'pacman' }];
  });
};
