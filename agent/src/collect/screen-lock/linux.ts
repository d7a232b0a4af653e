import type { screenLock } from '@postern/shared/checks/screen-lock';
import type { z } from 'zod';
import { unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { readGsettings } from './gsettings.ts';
import { readKde } from './kde.ts';
import { readSway } from './sway.ts';
import { readXfce } from './xfce.ts';

type ScreenLock = z.infer<typeof screenLock.value>;

/** By the names that desktops give themselves, https://specifications.freedesktop.org/menu-spec, in lower case. */
const readers = new Map<string, (system: System) => Promise<Finding<ScreenLock>>>([
  ['kde', readKde],
  ['gnome', (system) => readGsettings(system, 'gnome')],
  ['unity', (system) => readGsettings(system, 'gnome')],
  ['cinnamon', (system) => readGsettings(system, 'cinnamon')],
  ['x-cinnamon', (system) => readGsettings(system, 'cinnamon')],
  ['xfce', readXfce],
  ['sway', readSway],
]);

/**
 * The settings of the desktop that this session runs, as XDG_CURRENT_DESKTOP names it: programs on PATH say
 * what is installed, not what locks. They belong to the user; a daemon of root has none.
 */
export async function readLinux(system: System): Promise<Finding<ScreenLock>> {
  const method = 'XDG_CURRENT_DESKTOP';
  // The session that sudo kept in the environment is another user's; root's own settings are nobody's.
  const isBorrowed = system.uid === 0 && ['SUDO_UID', 'PKEXEC_UID', 'DOAS_USER'].some((name) => name in system.env);
  const stated = isBorrowed ? '' : (system.env['XDG_CURRENT_DESKTOP'] ?? '');
  const names = stated.split(':').filter((name) => name !== '');
  if (names.length === 0) {
    return unknown(
      'not-in-user-session',
      'The screen lock is a setting of the desktop. Run the agent in the desktop session.',
      method,
    );
  }
  const reader = names.map((name) => readers.get(name.toLowerCase())).find((candidate) => candidate !== undefined);
  if (reader === undefined) {
    return unknown(
      'no-data',
      `Postern cannot read the screen lock of this desktop (${stated.slice(0, 64)}) yet.`,
      method,
    );
  }
  return reader(system);
}
