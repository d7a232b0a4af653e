import { processes } from '@postern/shared/checks/processes';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { notPersonal } from './not-personal.ts';
import { readWindows } from './windows.ts';

export const processesCollector = defineCollector({
  check: processes,
  deadlineMs: 20_000,
  on: { linux: notPersonal(readLinux), macos: notPersonal(readMacos), windows: notPersonal(readWindows) },
});
