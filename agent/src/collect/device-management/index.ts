import { deviceManagement } from '@postern/shared/checks/device-management';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';

export const deviceManagementCollector = defineCollector({
  check: deviceManagement,
  deadlineMs: 8_000,
  on: { linux: readLinux },
});
