import { tpm } from '@postern/shared/checks/tpm';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';

export const tpmCollector = defineCollector({ check: tpm, deadlineMs: 5_000, on: { linux: readLinux } });
