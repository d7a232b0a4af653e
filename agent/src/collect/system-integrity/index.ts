import { systemIntegrity } from '@postern/shared/checks/system-integrity';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const systemIntegrityCollector = defineCollector({
  check: systemIntegrity,
  deadlineMs: 20_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
