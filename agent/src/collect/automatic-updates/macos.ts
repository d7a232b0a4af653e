// Read from recorded output; not run on the system itself.
import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import { dictOf, switchOf, type PlistDict } from '../macos/plist.ts';
import { readPreferences } from '../macos/preferences.ts';
import { readPlist, unreadPlist } from '../macos/read-plist.ts';
import type { System } from '../system.ts';

type AutomaticUpdates = z.infer<typeof automaticUpdates.value>;

const domain = 'com.apple.SoftwareUpdate';
/** Since macOS 14 an organisation may declare these settings; then they stand here and in no preferences. */
const declared = '/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist';
const method = `${domain} (managed, local); ${declared}`;

/**
 * All of them have to be on for a security update to come by itself. One that nobody set is on (as Apple documents
 * it, and as macOS 26 leaves AutomaticCheckEnabled), except for the installation of macOS itself: an unset one is on
 * or off depending on what the Mac was upgraded from.
 */
const settings: readonly { key: string; declaredKey: string; unset: boolean | undefined }[] = [
  { key: 'AutomaticCheckEnabled', declaredKey: 'automaticallyCheck', unset: true },
  { key: 'AutomaticDownload', declaredKey: 'automaticallyDownload', unset: true },
  { key: 'AutomaticallyInstallMacOSUpdates', declaredKey: 'automaticallyInstallOSUpdates', unset: undefined },
  { key: 'CriticalUpdateInstall', declaredKey: 'automaticallyInstallSystemAndSecurityUpdates', unset: true },
  { key: 'ConfigDataInstall', declaredKey: 'automaticallyInstallSystemAndSecurityUpdates', unset: true },
];

/** Whether macOS looks for, fetches and installs security updates without anybody asking. */
export async function readMacos(system: System): Promise<Finding<AutomaticUpdates>> {
  const declaration = await readDeclaration(system);
  if ('status' in declaration) return declaration;
  const preferences = await readPreferences(system, domain);
  if (preferences.outcome !== 'read') return preferences.finding;

  const states: (boolean | undefined)[] = [];
  for (const { key, declaredKey, unset } of settings) {
    const value = declaration.get(declaredKey) ?? preferences.get(key);
    const state = switchOf(value);
    if (value !== undefined && state === undefined) {
      return unknown(
        'output-unreadable',
        `${key} is neither on nor off. Set it in System Settings, General, Software Update.`,
        method,
      );
    }
    states.push(value === undefined ? unset : state);
  }
  if (states.includes(false)) return found({ enabled: false, mechanism: 'softwareupdate' }, method);
  if (states.includes(undefined)) {
    return unknown(
      'no-data',
      'Nobody has chosen whether macOS installs its updates by itself. Choose it in System Settings, General, Software Update, Automatic Updates.',
      method,
    );
  }
  return found({ enabled: true, mechanism: 'softwareupdate' }, method);
}

/** What the organisation declared; empty where it declared nothing. */
async function readDeclaration(system: System): Promise<PlistDict | Finding<never>> {
  const result = await readPlist(system, declared);
  if (result.outcome === 'absent') return new Map();
  if (result.outcome !== 'read') return unreadPlist(result, declared);
  const fields = dictOf(dictOf(result.value)?.get('SUCorePersistedStatePolicyFields'));
  return dictOf(fields?.get('SUCoreDDMDeclarationGlobalSettings')) ?? new Map();
}
