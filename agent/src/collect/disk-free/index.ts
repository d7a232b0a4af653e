import { diskFree } from '@postern/shared/checks/disk-free';
import { defineCollector } from '../collector.ts';
import { read } from './read.ts';

export const diskFreeCollector = defineCollector({
  check: diskFree,
  deadlineMs: 5_000,
  on: { linux: read, macos: read, windows: read },
});
