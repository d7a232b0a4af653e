import { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';

export const pendingUpdatesCollector = defineCollector({
  check: pendingUpdates,
  deadlineMs: 20_000,
  on: { linux: readLinux },
});
