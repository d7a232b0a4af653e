import type { lastUpdate } from '@postern/shared/checks/last-update';
import { toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import { isImageBased, noPackageManager, packageManagerOf, type PackageManager } from '../package-manager.ts';
import type { System } from '../system.ts';
import { toInstant, type WallTime } from './local-time.ts';
import {
  lastUpgradeInDpkgLog,
  lastUpgradeInHistory,
  lastUpgradeInPacmanLog,
  lastUpgradeInZyppHistory,
} from './logs.ts';

type LastUpdate = z.infer<typeof lastUpdate.value>;

/** When the package manager last upgraded something, from its own log. */
export async function readLinux(system: System): Promise<Finding<LastUpdate>> {
  const manager = (await isImageBased(system)) ? undefined : await packageManagerOf(system);
  switch (manager) {
    case 'apt':
      return readApt(system);
    case 'dnf':
      return readNewest(system, manager, dnfHistories);
    case 'pacman':
      return readPacman(system);
    case 'zypper':
      return readZypper(system);
    case undefined:
      return unknown('tool-absent', noPackageManager, '/etc/os-release');
  }
}

/** The last month's log is kept beside, still uncompressed where nobody changed how logs are rotated. */
const aptLogs: [path: string, read: (text: string) => WallTime | undefined][] = [
  ['/var/log/apt/history.log', lastUpgradeInHistory],
  ['/var/log/apt/history.log.1', lastUpgradeInHistory],
  ['/var/log/dpkg.log', lastUpgradeInDpkgLog],
  ['/var/log/dpkg.log.1', lastUpgradeInDpkgLog],
];

const zyppHistory: typeof aptLogs = [['/var/log/zypp/history', lastUpgradeInZyppHistory]];

function readApt(system: System): Promise<Finding<LastUpdate>> {
  return readLogs(system, 'apt', aptLogs);
}

function readZypper(system: System): Promise<Finding<LastUpdate>> {
  return readLogs(system, 'zypper', zyppHistory);
}

async function readLogs(system: System, source: PackageManager, logs: typeof aptLogs): Promise<Finding<LastUpdate>> {
  let refused = false;
  for (const [path, read] of logs) {
    const file = await system.readFile(path);
    refused ||= file.outcome === 'refused';
    const time = file.outcome === 'read' ? read(file.text) : undefined;
    if (time === undefined) continue;
    const instant = await toInstant(system, time);
    if (instant === undefined) {
      return unknown(
        'output-unreadable',
        'The log of updates is in local time, and date(1) does not say when that was. Run “date” to see why.',
        path,
      );
    }
    return answer(instant, source, path);
  }
  if (refused) {
    return unknown(
      'permission-denied',
      'The logs of updates may not be read by this user. Let the agent run as root.',
      logs[0]?.[0] ?? '',
    );
  }
  return noUpdates(logs.map(([path]) => path).join(', '));
}

/** dnf 4 and dnf 5 note every transaction in a database; when it was last written is all that is read of it. */
const dnfHistories = [
  '/var/lib/dnf/history.sqlite',
  '/var/lib/dnf/history.sqlite-wal',
  '/usr/lib/sysimage/libdnf5/transaction_history.sqlite',
  '/usr/lib/sysimage/libdnf5/transaction_history.sqlite-wal',
];

async function readNewest(
  system: System,
  source: PackageManager,
  paths: readonly string[],
): Promise<Finding<LastUpdate>> {
  const times = (await Promise.all(paths.map((path) => system.modifiedAt(path)))).filter((time) => time !== undefined);
  const method = paths[0] ?? '';
  return times.length === 0 ? noUpdates(method) : answer(Math.max(...times), source, method);
}

async function readPacman(system: System): Promise<Finding<LastUpdate>> {
  const path = '/var/log/pacman.log';
  const file = await system.readFile(path);
  const instant = file.outcome === 'read' ? lastUpgradeInPacmanLog(file.text) : undefined;
  if (instant !== undefined) return answer(instant, 'pacman', path);
  // The log is never rotated, and over the years it grows past what is read; the folder changes with every package.
  return file.outcome === 'failed' ? readNewest(system, 'pacman', ['/var/lib/pacman/local']) : noUpdates(path);
}

function answer(instant: Instant, source: PackageManager, method: string): Finding<LastUpdate> {
  return found({ installedAt: toTimestamp(instant), source }, method);
}

function noUpdates(method: string): Finding<never> {
  return unknown(
    'no-data',
    'The logs of this machine name no update that was installed. Install updates and check again.',
    method,
  );
}
