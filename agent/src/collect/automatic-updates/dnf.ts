import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import type { z } from 'zod';
import { found, unread, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { isActiveTimer } from './timers.ts';

const mechanism = 'dnf-automatic';
const configurations = ['/etc/dnf/automatic.conf', '/etc/dnf/dnf5-plugins/automatic.conf'];
/** This one installs whatever the configuration says; the others ask it. */
const installing = 'dnf-automatic-install.timer';
const asking = ['dnf-automatic.timer', 'dnf5-automatic.timer'];

/** Fedora and RHEL. A timer that only downloads, or only sends a mail, installs nothing. */
export async function readDnf(system: System): Promise<Finding<z.infer<typeof automaticUpdates.value>>> {
  const method = '/etc/systemd/system/timers.target.wants, /etc/dnf/automatic.conf';
  if (await isActiveTimer(system, installing)) return found({ enabled: true, mechanism }, method);
  const active = await Promise.all(asking.map((timer) => isActiveTimer(system, timer)));
  if (!active.some(Boolean)) return found({ enabled: false, mechanism: 'none' }, method);
  for (const path of configurations) {
    const file = await system.readFile(path);
    if (file.outcome === 'absent') continue;
    if (file.outcome !== 'read') return unread(file, path);
    return found({ enabled: appliesUpdates(file.text), mechanism }, method);
  }
  return found({ enabled: false, mechanism }, method);
}

/** The last `apply_updates` of the group `[commands]`; without one nothing is installed. */
export function appliesUpdates(text: string): boolean {
  let group = '';
  let applies = false;
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    if (header !== undefined) group = header;
    const value = /^apply_updates\s*[=:]\s*(.*)$/.exec(line)?.[1];
    if (group === 'commands' && value !== undefined) applies = ['yes', 'true', 'on', '1'].includes(value.toLowerCase());
  }
  return applies;
}
