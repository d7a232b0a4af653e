import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import type { z } from 'zod';
import { unknown, type Finding } from '../finding.ts';
import { isImageBased, noPackageManager, packageManagerOf } from '../package-manager.ts';
import type { System } from '../system.ts';
import { readApt } from './apt.ts';
import { readDnf } from './dnf.ts';
import { readPacman } from './pacman.ts';
import { readZypper } from './zypper.ts';

/**
 * What the package manager could install now. Nothing is fetched, with the exception that pacman.ts tells. Snaps and
 * flatpaks are not asked for: both would ask a server, snapd without end where it is switched off, and both update by themselves.
 */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof pendingUpdates.value>>> {
  const manager = (await isImageBased(system)) ? undefined : await packageManagerOf(system);
  switch (manager) {
    case 'apt':
      return readApt(system);
    case 'dnf':
      return readDnf(system);
    case 'pacman':
      return readPacman(system);
    case 'zypper':
      return readZypper(system);
    case undefined:
      return unknown('tool-absent', noPackageManager, '/etc/os-release');
  }
}
