import { screenLock } from '@postern/shared/checks/screen-lock';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const screenLockCollector = defineCollector({
  check: screenLock,
  deadlineMs: 15_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
