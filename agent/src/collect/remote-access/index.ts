import { remoteAccess } from '@postern/shared/checks/remote-access';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const remoteAccessCollector = defineCollector({
  check: remoteAccess,
  deadlineMs: 20_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
