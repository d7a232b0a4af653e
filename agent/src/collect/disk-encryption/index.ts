import { diskEncryption } from '@postern/shared/checks/disk-encryption';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const diskEncryptionCollector = defineCollector({
  check: diskEncryption,
  deadlineMs: 15_000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
