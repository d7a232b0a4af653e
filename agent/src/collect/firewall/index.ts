import { firewall } from '@postern/shared/checks/firewall';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const firewallCollector = defineCollector({
  check: firewall,
  deadlineMs: 15_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
