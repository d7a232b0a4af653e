// Read from recorded output; not run on the system itself.
import type { screenLock } from '@postern/shared/checks/screen-lock';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import { managedFolderOf, managedPreferences } from '../macos/preferences.ts';
import type { System } from '../system.ts';
import { parseDisplaySleep, parseIdleTime, parsePasswordDelay, type Wait } from './macos-parse.ts';

type ScreenLock = z.infer<typeof screenLock.value>;

const method = 'sysadminctl -screenLock status; idleTime; pmset -g custom';
/** Above this the schema does not count any more; the value then says "at least". */
const longest = 1_000_000;

/**
 * How long an unattended Mac stays open: until the screen saver starts or the display goes dark,
 * whichever is first, and from there until a password is needed.
 */
export async function readMacos(system: System): Promise<Finding<ScreenLock>> {
  if (system.uid === 0) {
    return unknown(
      'not-in-user-session',
      'The screen lock is a setting of each user and root has none. It is read while somebody is signed in: open Postern from the menu bar.',
      method,
    );
  }
  const status = await system.run('/usr/sbin/sysadminctl', ['-screenLock', 'status']);
  if (status.outcome !== 'exited') return { ...unanswered(status, 'sysadminctl'), method };
  const password = status.code === 0 ? parsePasswordDelay(`${status.stderr}\n${status.stdout}`) : undefined;
  if (password === undefined || password === 'unset') {
    return unknown(
      'output-unreadable',
      'macOS did not say whether waking the screen needs a password. Look in System Settings, Lock Screen.',
      method,
    );
  }
  if (password === 'never') return found({ enabled: false, delaySeconds: null, desktop: 'macos' }, method);

  const dark = firstOf(await idleTime(system), await displaySleep(system));
  if (dark === 'never') return found({ enabled: false, delaySeconds: null, desktop: 'macos' }, method);
  if (dark === undefined) {
    return unknown(
      'no-data',
      'Waking needs a password, but when the screen goes dark by itself is not known. Choose a time in System Settings, Lock Screen.',
      method,
    );
  }
  return found({ enabled: true, delaySeconds: Math.min(dark + password, longest), desktop: 'macos' }, method);
}

/**
 * The sooner of two waits. One that is not known can only make it sooner, so the other one stands as the
 * longest that the machine stays open; with `never` beside it nothing is known.
 */
function firstOf(...waits: (Wait | undefined)[]): number | 'never' | undefined {
  const known = waits.filter((wait) => typeof wait === 'number');
  if (known.length > 0) return Math.min(...known);
  return waits.every((wait) => wait === 'never') ? 'never' : undefined;
}

/** When the screen saver starts. What a management profile sets wins, and `defaults -currentHost` does not see it. */
async function idleTime(system: System): Promise<Wait | undefined> {
  for (const folder of [managedFolderOf(system), managedPreferences]) {
    if (folder === undefined || !(await system.list(folder))?.includes('com.apple.screensaver.plist')) continue;
    const set = await readDefault(system, ['read', `${folder}/com.apple.screensaver`, 'idleTime']);
    if (set !== 'unset') return set;
  }
  return readDefault(system, ['-currentHost', 'read', 'com.apple.screensaver', 'idleTime']);
}

async function readDefault(system: System, args: readonly string[]): Promise<Wait | undefined> {
  const result = await system.run('/usr/bin/defaults', args);
  return result.outcome === 'exited' ? parseIdleTime(result.stdout, result.stderr) : undefined;
}

async function displaySleep(system: System): Promise<Wait | undefined> {
  const result = await system.run('/usr/bin/pmset', ['-g', 'custom']);
  return result.outcome === 'exited' && result.code === 0 ? parseDisplaySleep(result.stdout) : undefined;
}
