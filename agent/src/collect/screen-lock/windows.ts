// Read from recorded output; not run on the system itself.
import type { screenLock } from '@postern/shared/checks/screen-lock';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { readKey } from '../windows/registry.ts';
import { systemTool } from '../windows/system-root.ts';
import {
  inactivityLock,
  parsePowerSetting,
  powerLock,
  screenSaverLock,
  type Lock,
  type Power,
} from './windows-parse.ts';

type ScreenLock = z.infer<typeof screenLock.value>;

const userKey = 'HKCU\\Control Panel\\Desktop';
const policyKey = 'HKCU\\Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop';
const machineKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
const method =
  'reg query Control Panel\\Desktop and its policy, InactivityTimeoutSecs; powercfg /qh CONSOLELOCK, STANDBYIDLE, VIDEOIDLE';
/** Above this the schema does not count any more; the value then says "at least". */
const longest = 1_000_000;

/** How long an unattended Windows stays open: until the soonest of screen saver, inactivity limit and sleep locks it. */
export async function readWindows(system: System): Promise<Finding<ScreenLock>> {
  if (/\\(?:systemprofile|ServiceProfiles\\[^\\]+)$/i.test(system.home)) {
    return unknown(
      'not-in-user-session',
      'The screen lock is a setting of each user and a service has none. It is read while somebody is signed in: open Postern from the taskbar.',
      method,
    );
  }
  const user = await readKey(system, userKey);
  if (user.outcome === 'not-there' || user.outcome === 'unreadable') {
    return unknown(
      'no-data',
      `The desktop settings of this user (${userKey}) could not be read. Sign in to Windows and check again.`,
      method,
    );
  }
  if (user.outcome !== 'read') return { ...unanswered(user, 'reg.exe'), method };
  // A policy key is absent where there is no policy. A machine key always exists: without it nothing is said about the limit.
  const [policy, machine, power] = [
    await readKey(system, policyKey),
    await readKey(system, machineKey),
    await readPower(system),
  ];
  if (policy.outcome !== 'read' && policy.outcome !== 'not-there') {
    return unknown(
      'output-unreadable',
      'Whether a policy sets the screen lock could not be read. Run gpresult /r and ask an administrator.',
      method,
    );
  }
  const desktop = { user: user.values, policy: policy.outcome === 'read' ? policy.values : undefined };
  return soonestOf([
    screenSaverLock(desktop),
    inactivityLock(machine.outcome === 'read' ? machine.values : undefined, desktop),
    powerLock(power, user.values),
  ]);
}

/** What cannot be said can only lock sooner, so a known lock stands; without one it decides that nothing is known. */
function soonestOf(locks: readonly Lock[]): Finding<ScreenLock> {
  const seconds = locks.filter((lock) => typeof lock === 'number');
  if (seconds.length > 0) {
    return found({ enabled: true, delaySeconds: Math.min(...seconds, longest), desktop: 'windows' }, method);
  }
  if (locks.includes('unclear')) {
    return unknown(
      'no-data',
      'Windows does not say for certain that it locks by itself. Choose a screen saver with “On resume, display logon screen” and a time, or ask an administrator for an inactivity limit.',
      method,
    );
  }
  return found({ enabled: false, delaySeconds: null, desktop: 'windows' }, method);
}

/** `/qh` and not `/query`: CONSOLELOCK is hidden on many machines, and /query leaves hidden settings out. */
async function readPower(system: System): Promise<Power> {
  const ask = async (subgroup: string, setting: string, kind: 'range' | 'choice') => {
    const result = await system.run(systemTool(system, 'powercfg.exe'), ['/qh', 'SCHEME_CURRENT', subgroup, setting]);
    return result.outcome === 'exited' && result.code === 0 ? parsePowerSetting(result.stdout, kind) : undefined;
  };
  return {
    passwordOnWake: await ask('SUB_NONE', 'CONSOLELOCK', 'choice'),
    sleep: await ask('SUB_SLEEP', 'STANDBYIDLE', 'range'),
    display: await ask('SUB_VIDEO', 'VIDEOIDLE', 'range'),
  };
}
