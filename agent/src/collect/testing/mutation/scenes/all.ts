import type { Scene } from '../scene.ts';
import { antivirusScenes } from './antivirus.ts';
import { automaticUpdatesScenes } from './automatic-updates.ts';
import { browsersScenes } from './browsers.ts';
import { deviceManagementScenes } from './device-management.ts';
import { diskEncryptionScenes } from './disk-encryption.ts';
import { firewallScenes } from './firewall.ts';
import { identifiersScenes } from './identifiers.ts';
import { lastUpdateScenes } from './last-update.ts';
import { filesScenes } from './named-files.ts';
import { osVersionScenes } from './os-version.ts';
import { pendingUpdatesScenes } from './pending-updates.ts';
import { processesScenes } from './processes.ts';
import { remoteAccessScenes } from './remote-access.ts';
import { screenLockScenes } from './screen-lock.ts';
import { secureBootScenes } from './secure-boot.ts';
import { signInScenes } from './sign-in.ts';
import { diskFreeScenes, uptimeScenes } from './small.ts';
import { sshKeysScenes } from './ssh-keys.ts';
import { systemIntegrityScenes } from './system-integrity.ts';
import { tpmScenes } from './tpm.ts';

/** Every machine that is spoilt. The clock alone is left out: it is measured on the network and not read on the machine. */
export const scenes: readonly Scene[] = [
  ...osVersionScenes,
  ...diskEncryptionScenes,
  ...firewallScenes,
  ...screenLockScenes,
  ...signInScenes,
  ...secureBootScenes,
  ...systemIntegrityScenes,
  ...pendingUpdatesScenes,
  ...lastUpdateScenes,
  ...automaticUpdatesScenes,
  ...tpmScenes,
  ...identifiersScenes,
  ...deviceManagementScenes,
  ...uptimeScenes,
  ...diskFreeScenes,
  ...antivirusScenes,
  ...remoteAccessScenes,
  ...browsersScenes,
  ...processesScenes,
  ...filesScenes,
  ...sshKeysScenes,
];
