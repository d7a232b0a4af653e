import { files } from '@postern/shared/checks/files';
import { defineCollector } from '../collector.ts';
import { fileDigests } from './digests.ts';
import { readFiles } from './read.ts';
import { signaturesOnLinux } from './linux.ts';
import { signaturesOnMacos } from './macos.ts';
import { signaturesOnWindows } from './windows.ts';

const digests = fileDigests();

export const filesCollector = defineCollector({
  check: files,
  deadlineMs: 30_000,
  on: {
    linux: (system, wish) => readFiles(system, wish, digests, signaturesOnLinux),
    macos: (system, wish) => readFiles(system, wish, digests, signaturesOnMacos),
    windows: (system, wish) => readFiles(system, wish, digests, signaturesOnWindows),
  },
});
