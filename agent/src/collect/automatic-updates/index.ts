import { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const automaticUpdatesCollector = defineCollector({
  check: automaticUpdates,
  deadlineMs: 20_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
