import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { isActiveTimer } from './timers.ts';

const timers: readonly [timer: string, mechanism: string][] = [
  ['transactional-update.timer', 'transactional-update'],
  ['os-update.timer', 'os-update'],
];

/** SUSE and openSUSE. Other ways to update by themselves were tried there over the years, so that none of these says nothing. */
export async function readZypper(system: System): Promise<Finding<z.infer<typeof automaticUpdates.value>>> {
  const method = '/etc/systemd/system/timers.target.wants';
  for (const [timer, mechanism] of timers) {
    if (await isActiveTimer(system, timer)) return found({ enabled: true, mechanism }, method);
  }
  return unknown(
    'no-data',
    'Neither os-update nor transactional-update is switched on, and Postern knows no other way here. Run “sudo systemctl enable --now os-update.timer”.',
    method,
  );
}
