import { uptime } from '@postern/shared/checks/uptime';
import { defineCollector } from '../collector.ts';
import { computed, readLinux } from './started-at.ts';

export const uptimeCollector = defineCollector({
  check: uptime,
  deadlineMs: 5_000,
  on: { linux: readLinux, macos: computed, windows: computed },
});
