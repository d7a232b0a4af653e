import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import type { z } from 'zod';
import { unknown, type Finding } from '../finding.ts';
import { isImageBased, noPackageManager, packageManagerOf } from '../package-manager.ts';
import type { System } from '../system.ts';
import { readApt } from './apt.ts';
import { readDnf } from './dnf.ts';
import { readZypper } from './zypper.ts';

type AutomaticUpdates = z.infer<typeof automaticUpdates.value>;

/** Whether the distribution's own mechanism installs updates. Where there is no such mechanism, nobody can tell. */
export async function readLinux(system: System): Promise<Finding<AutomaticUpdates>> {
  const finding = await readMechanism(system);
  if (finding.status !== 'ok' || !finding.value.enabled) return finding;
  // sd_booted(3). Timers that nobody runs install nothing, and what runs instead is not known.
  if ((await system.list('/run/systemd/system')) !== undefined) return finding;
  return unknown(
    'no-data',
    'Automatic updates are set up, but systemd, whose timers install them, does not run here.',
    finding.method,
  );
}

async function readMechanism(system: System): Promise<Finding<AutomaticUpdates>> {
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
    case 'zypper':
      return readZypper(system);
    case undefined:
      return unknown('tool-absent', noPackageManager, '/etc/os-release');
  }
}
