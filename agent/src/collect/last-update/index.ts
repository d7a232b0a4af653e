import { lastUpdate } from '@postern/shared/checks/last-update';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';

export const lastUpdateCollector = defineCollector({ check: lastUpdate, deadlineMs: 5_000, on: { linux: readLinux } });
