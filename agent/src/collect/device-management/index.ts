import { deviceManagement } from '@postern/shared/checks/device-management';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const deviceManagementCollector = defineCollector({
  check: deviceManagement,
  deadlineMs: 20_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
