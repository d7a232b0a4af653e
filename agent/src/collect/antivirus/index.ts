import { antivirus } from '@postern/shared/checks/antivirus';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';

export const antivirusCollector = defineCollector({ check: antivirus, deadlineMs: 8_000, on: { linux: readLinux } });
