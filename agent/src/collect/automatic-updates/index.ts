import { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';

export const automaticUpdatesCollector = defineCollector({
  check: automaticUpdates,
  deadlineMs: 5_000,
  on: { linux: readLinux },
});
