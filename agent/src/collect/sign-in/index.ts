import { signIn } from '@postern/shared/checks/sign-in';
import { defineCollector } from '../collector.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import { readWindows } from './windows.ts';

export const signInCollector = defineCollector({
  check: signIn,
  deadlineMs: 8000,
  on: { linux: readLinux, macos: readMacos, windows: readWindows },
});
