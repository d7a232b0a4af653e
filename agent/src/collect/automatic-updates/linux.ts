import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import type { z } from 'zod';
import { unknown, type Finding } from '../finding.ts';
import { isImageBased, noPackageManager, packageManagerOf } from '../package-manager.ts';
import type { System } from '../system.ts';
import { readApt } from './apt.ts';
import { readDnf } from './dnf.ts';

/** Whether the distribution's own mechanism installs updates. Where there is no such mechanism, nobody can tell. */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof automaticUpdates.value>>> {
  const manager = (await isImageBased(system)) ? undefined : await packageManagerOf(system);
  switch (manager) {
    case 'apt':
      return readApt(system);
    case 'dnf':
      return readDnf(system);
    case 'pacman':
      return unknown(
        'no-data',
        'Arch has no mechanism of its own for automatic updates, so that there is none to look at.',
        '/etc/os-release',
      );
    case undefined:
      return unknown('tool-absent', noPackageManager, '/etc/os-release');
  }
}
