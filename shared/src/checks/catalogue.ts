import { antivirus } from './antivirus.ts';
import { automaticUpdates } from './automatic-updates.ts';
import { clockDrift } from './clock-drift.ts';
import { browsers } from './browsers.ts';
import type { Check } from './define.ts';
import { deviceManagement } from './device-management.ts';
import { diskEncryption } from './disk-encryption.ts';
import { diskFree } from './disk-free.ts';
import { files } from './files.ts';
import { firewall } from './firewall.ts';
import { identifiers } from './identifiers.ts';
import { lastUpdate } from './last-update.ts';
import { osVersion } from './os-version.ts';
import { pendingUpdates } from './pending-updates.ts';
import { processes } from './processes.ts';
import { remoteAccess } from './remote-access.ts';
import { screenLock } from './screen-lock.ts';
import { secureBoot } from './secure-boot.ts';
import { signIn } from './sign-in.ts';
import { sshKeys } from './ssh-keys.ts';
import { systemIntegrity } from './system-integrity.ts';
import { tpm } from './tpm.ts';
import { uptime } from './uptime.ts';

/** Every check there is. Adding one is adding its file and its line here. */
export const catalogue: readonly Check[] = [
  osVersion,
  diskEncryption,
  firewall,
  screenLock,
  signIn,
  secureBoot,
  systemIntegrity,
  pendingUpdates,
  lastUpdate,
  automaticUpdates,
  tpm,
  identifiers,
  deviceManagement,
  uptime,
  diskFree,
  clockDrift,
  antivirus,
  remoteAccess,
  browsers,
  processes,
  files,
  sshKeys,
];

const byId = new Map(catalogue.map((check) => [check.id, check]));

/** The check of that id, or undefined. Never look an id up in an object: `__proto__` is an id too. */
export function findCheck(id: string): Check | undefined {
  return byId.get(id);
}
