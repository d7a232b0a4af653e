// Read from recorded output; not run on the system itself.
import type { lastUpdate } from '@postern/shared/checks/last-update';
import { day, toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import { dictOf, instantOf, textOf, type Plist } from '../macos/plist.ts';
import { readPlist, unreadPlist } from '../macos/read-plist.ts';
import type { System } from '../system.ts';

const path = '/Library/Receipts/InstallHistory.plist';
/** Who installs macOS. The names of what is installed are chosen by whoever made it; these are not. */
const installers = new Set([
  'softwareupdated',
  'softwareupdate',
  'macOS Installer',
  'OSInstaller',
  'osinstallersetupd',
]);
const names = /^(?:macOS|Security Update|Rapid Security Response|Background Security Improvement)\b/;

/**
 * When macOS itself was last updated. Apps, printer drivers and the lists of XProtect and Gatekeeper stand in the
 * same history, the last of them every few days also on a Mac that nobody has updated for years.
 */
export async function readMacos(system: System): Promise<Finding<z.infer<typeof lastUpdate.value>>> {
  const result = await readPlist(system, path);
  if (result.outcome !== 'read') return unreadPlist(result, path);
  const installedAt = lastSystemUpdate(result.value, system.clock.now());
  if (installedAt !== undefined) {
    return found({ installedAt: toTimestamp(installedAt), source: 'softwareupdate' }, path);
  }
  return unknown(
    'no-data',
    'The history of this Mac names no update of macOS. Look in System Settings, General, About, and install what is offered.',
    path,
  );
}

/** The newest of them; none that lies in the future, where a clock that was wrong has put it. */
export function lastSystemUpdate(history: Plist, now: Instant): Instant | undefined {
  const instants = (Array.isArray(history) ? history : []).flatMap((value: Plist) => {
    const entry = dictOf(value);
    const isSystem =
      entry?.get('contentType') !== 'config-data' &&
      installers.has(textOf(entry?.get('processName')) ?? '') &&
      names.test(textOf(entry?.get('displayName')) ?? '');
    const instant = instantOf(entry?.get('date'));
    return isSystem && instant !== undefined && instant <= now + day ? [instant] : [];
  });
  return instants.length === 0 ? undefined : Math.max(...instants);
}
