import type { browsers } from '@postern/shared/checks/browsers';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { readDpkg } from './dpkg.ts';
import { readFlatpaks } from './flatpak.ts';
import { readPacman } from './pacman.ts';
import { readRpm } from './rpm.ts';
import { readSnaps } from './snap.ts';
import type { Browser, BrowserSource } from './source.ts';

const sources: readonly BrowserSource[] = [readDpkg, readRpm, readPacman, readSnaps, readFlatpaks];
const mostBrowsers = 32;

/** Every copy counts: the one of the package manager may be new and the one of flatpak old. */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof browsers.value>>> {
  const answers = await Promise.all(sources.map((read) => read(system)));
  const present = answers.filter((answer) => answer !== undefined);
  if (present.length === 0) {
    return unknown(
      'tool-absent',
      'Postern reads browsers of dpkg, rpm, pacman, snap and flatpak, and this system uses another way.',
      'dpkg, rpm, pacman, snap, flatpak',
    );
  }
  const silent = present.find((answer) => !Array.isArray(answer));
  if (silent !== undefined && !Array.isArray(silent)) return silent;
  const all = present.flatMap((answer) => (Array.isArray(answer) ? answer : []));
  const key = ({ name, version, source }: Browser) => `${name} ${source} ${version}`;
  const sorted = [...new Map(all.map((browser) => [key(browser), browser])).values()].toSorted((left, right) =>
    key(left) < key(right) ? -1 : 1,
  );
  return found({ browsers: sorted.slice(0, mostBrowsers) }, 'databases of dpkg, rpm, pacman, snap and flatpak');
}
