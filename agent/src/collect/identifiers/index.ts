import { identifiers } from '@postern/shared/checks/identifiers';
import { minute } from '@postern/shared/time';
import { defineCollector } from '../collector.ts';
import { keyed } from './keyed.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const identifiersCollector = defineCollector({
  check: identifiers,
  deadlineMs: 20_000,
  keepForMs: 15 * minute,
  on: {
    linux: async (system, { identifierKey }) => keyed(await readLinux(system), identifierKey),
    macos: async (system, { identifierKey }) => keyed(await readMacos(system), identifierKey),
    windows: async (system, { identifierKey }) => keyed(await readWindows(system), identifierKey),
  },
});
