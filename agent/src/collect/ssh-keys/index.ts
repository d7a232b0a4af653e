import { sshKeys } from '@postern/shared/checks/ssh-keys';
import { defineCollector } from '../collector.ts';
import { read } from './read.ts';

export const sshKeysCollector = defineCollector({
  check: sshKeys,
  deadlineMs: 5_000,
  on: { linux: read, macos: read, windows: read },
});
