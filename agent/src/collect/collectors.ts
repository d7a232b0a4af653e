import { antivirusCollector } from './antivirus/index.ts';
import { automaticUpdatesCollector } from './automatic-updates/index.ts';
import { browsersCollector } from './browsers/index.ts';
import { clockDriftCollector } from './clock-drift/index.ts';
import type { Collector } from './collector.ts';
import { deviceManagementCollector } from './device-management/index.ts';
import { diskEncryptionCollector } from './disk-encryption/index.ts';
import { diskFreeCollector } from './disk-free/index.ts';
import { filesCollector } from './files/index.ts';
import { firewallCollector } from './firewall/index.ts';
import { identifiersCollector } from './identifiers/index.ts';
import { lastUpdateCollector } from './last-update/index.ts';
import { osVersionCollector } from './os-version/index.ts';
import { pendingUpdatesCollector } from './pending-updates/index.ts';
import { processesCollector } from './processes/index.ts';
import { remoteAccessCollector } from './remote-access/index.ts';
import { screenLockCollector } from './screen-lock/index.ts';
import { secureBootCollector } from './secure-boot/index.ts';
import { signInCollector } from './sign-in/index.ts';
import { sshKeysCollector } from './ssh-keys/index.ts';
import { systemIntegrityCollector } from './system-integrity/index.ts';
import { tpmCollector } from './tpm/index.ts';
import { uptimeCollector } from './uptime/index.ts';

export interface CollectorDependencies {
  /** Device minus server in milliseconds, as measured last; undefined before the backend was reached. */
  clockOffsetMs: () => number | undefined;
}

/** Every collector there is, in the order of the catalogue. Adding one is adding its folder and its line here. */
export function collectors({ clockOffsetMs }: CollectorDependencies): readonly Collector[] {
  return [
    osVersionCollector,
    diskEncryptionCollector,
    firewallCollector,
    screenLockCollector,
    signInCollector,
    secureBootCollector,
    systemIntegrityCollector,
    pendingUpdatesCollector,
    lastUpdateCollector,
    automaticUpdatesCollector,
    tpmCollector,
    identifiersCollector,
    deviceManagementCollector,
    uptimeCollector,
    diskFreeCollector,
    clockDriftCollector(clockOffsetMs),
    antivirusCollector,
    remoteAccessCollector,
    browsersCollector,
    processesCollector,
    filesCollector,
    sshKeysCollector,
  ];
}
