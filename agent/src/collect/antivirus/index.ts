import { antivirus } from '@postern/shared/checks/antivirus';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const antivirusCollector = defineCollector({
  check: antivirus,
  deadlineMs: 20_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
