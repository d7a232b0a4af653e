import type { screenLock } from '@postern/shared/checks/screen-lock';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { CommandResult, System } from '../system.ts';

const program = '/usr/bin/gsettings';

/** The desktops that keep these settings under the same names. */
export const schemas = { gnome: 'org.gnome.desktop', cinnamon: 'org.cinnamon.desktop' } as const;

/** The session goes idle, then the screen goes dark, then it locks: what a person notices is the sum. */
export async function readGsettings(
  system: System,
  desktop: keyof typeof schemas,
): Promise<Finding<z.infer<typeof screenLock.value>>> {
  const prefix = schemas[desktop];
  const get = (schema: string, key: string) => system.run(program, ['get', `${prefix}.${schema}`, key]);
  const [idle, lock, delay, forbidden] = await Promise.all([
    get('session', 'idle-delay'),
    get('screensaver', 'lock-enabled'),
    get('screensaver', 'lock-delay'),
    get('lockdown', 'disable-lock-screen'),
  ]);
  const method = `gsettings get ${prefix}.session idle-delay, .screensaver lock-enabled, lock-delay`;
  for (const result of [idle, lock, delay])
    if (result.outcome !== 'exited') return { ...unanswered(result, 'gsettings'), method };

  const idleSeconds = secondsOf(idle);
  const lockSeconds = secondsOf(delay);
  const lockEnabled = switchOf(lock);
  if (idleSeconds === undefined || lockSeconds === undefined || lockEnabled === undefined) {
    return unknown(
      'output-unreadable',
      'The desktop did not tell its lock settings. Look in Settings, Privacy, Screen Lock.',
      method,
    );
  }
  const mayNotLock = isMissing(forbidden) ? false : switchOf(forbidden);
  if (mayNotLock === undefined) {
    return unknown(
      'output-unreadable',
      'The desktop did not tell whether it may lock the screen. Run “gsettings get org.gnome.desktop.lockdown disable-lock-screen”.',
      method,
    );
  }
  const enabled = lockEnabled && idleSeconds > 0 && !mayNotLock;
  return found(
    { enabled, delaySeconds: enabled ? Math.min(1_000_000, idleSeconds + lockSeconds) : null, desktop },
    method,
  );
}

/** Not every release has this setting, and then nothing forbids to lock. Its texts are in English: the locale is C. */
function isMissing(result: CommandResult): boolean {
  return result.outcome === 'exited' && result.code === 1 && /^No such (?:schema|key)\b/.test(result.stderr);
}

/** As GVariant writes it, with the end of its line: without that digits may be missing. */
function secondsOf(result: CommandResult): number | undefined {
  const digits =
    result.outcome === 'exited' && result.code === 0 ? /^uint32 (\d{1,10})\n$/.exec(result.stdout)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function switchOf(result: CommandResult): boolean | undefined {
  const word =
    result.outcome === 'exited' && result.code === 0 ? /^(true|false)\n$/.exec(result.stdout)?.[1] : undefined;
  return word === undefined ? undefined : word === 'true';
}
