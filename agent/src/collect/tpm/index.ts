import { tpm } from '@postern/shared/checks/tpm';
import { minute } from '@postern/shared/time';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const tpmCollector = defineCollector({
  check: tpm,
  deadlineMs: 5_000,
  keepForMs: 15 * minute,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
