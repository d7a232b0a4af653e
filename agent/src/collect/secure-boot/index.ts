import { secureBoot } from '@postern/shared/checks/secure-boot';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';

export const secureBootCollector = defineCollector({ check: secureBoot, deadlineMs: 5_000, on: { linux: readLinux } });
