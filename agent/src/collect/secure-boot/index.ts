import { secureBoot } from '@postern/shared/checks/secure-boot';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const secureBootCollector = defineCollector({
  check: secureBoot,
  deadlineMs: 5_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
