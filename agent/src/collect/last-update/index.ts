import { lastUpdate } from '@postern/shared/checks/last-update';
import { minute } from '@postern/shared/time';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const lastUpdateCollector = defineCollector({
  check: lastUpdate,
  deadlineMs: 20_000,
  keepForMs: 15 * minute,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
