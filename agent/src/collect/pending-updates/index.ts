import { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { hour } from '@postern/shared/time';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

/** What is installed, what was fetched, what is pinned, and whether a restart is asked for. */
const linux = [
  '/var/lib/dpkg/status',
  '/var/lib/apt/lists',
  '/etc/apt/preferences',
  '/etc/apt/preferences.d',
  '/run/reboot-required',
  '/var/lib/rpm/rpmdb.sqlite',
  '/var/lib/rpm/rpmdb.sqlite-wal',
  '/usr/lib/sysimage/rpm/rpmdb.sqlite',
  '/usr/lib/sysimage/rpm/rpmdb.sqlite-wal',
  '/usr/lib/sysimage/rpm/Packages.db',
  '/var/cache/dnf',
  '/var/cache/libdnf5',
  '/var/cache/zypp/raw',
  '/run/reboot-needed',
  '/var/lib/pacman/local',
  '/var/lib/pacman/sync',
];

export const pendingUpdatesCollector = defineCollector({
  check: pendingUpdates,
  deadlineMs: 20_000,
  // A package manager takes half a second of the processor where its cache is switched off, as it is in images.
  keepForMs: hour,
  changesWith: { linux },
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
