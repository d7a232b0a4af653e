import { secureBoot } from '@postern/shared/checks/secure-boot';
import { minute } from '@postern/shared/time';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const secureBootCollector = defineCollector({
  check: secureBoot,
  deadlineMs: 5_000,
  // It changes at a restart, and on a Mac a program of seconds tells it.
  keepForMs: 15 * minute,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
