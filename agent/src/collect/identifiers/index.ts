import { identifiers } from '@postern/shared/checks/identifiers';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const identifiersCollector = defineCollector({
  check: identifiers,
  deadlineMs: 20_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
