import { osVersion } from '@postern/shared/checks/os-version';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const osVersionCollector = defineCollector({
  check: osVersion,
  deadlineMs: 5_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
