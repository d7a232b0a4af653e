import { processes } from '@postern/shared/checks/processes';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const processesCollector = defineCollector({
  check: processes,
  deadlineMs: 20_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
