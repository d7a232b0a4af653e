import type { screenLock } from '@postern/shared/checks/screen-lock';
import type { z } from 'zod';
import { found, unknown, unread, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { asBoolean, asNumber, readKConfig } from './kconfig.ts';

const name = 'kscreenlockerrc';
const group = 'Daemon';
const defaultTimeoutMinutes = 5;
const defaultGraceSeconds = 5;

/**
 * What kscreenlocker is told, by its own rules (kscreenlockersettings.kcfg, ksldapp.cpp): without any file it
 * locks after five minutes, and for five seconds after that a moved mouse is enough to be let in again.
 */
export async function readKde(system: System): Promise<Finding<z.infer<typeof screenLock.value>>> {
  const own = `${folderOf(system.env['XDG_CONFIG_HOME']) ?? `${system.home}/.config`}/${name}`;
  // The first of XDG_CONFIG_DIRS is the most important, so it is applied last.
  const shared = (system.env['XDG_CONFIG_DIRS'] || '/etc/xdg').split(':').flatMap((folder) => folderOf(folder) ?? []);
  const files: string[] = [];
  for (const path of [...shared.toReversed().map((folder) => `${folder}/${name}`), own]) {
    const file = await system.readFile(path);
    if (file.outcome === 'read') files.push(file.text);
    else if (file.outcome !== 'absent') return unread(file, path);
  }
  const setting = readKConfig(files);
  const minutes = asNumber(setting(group, 'Timeout'), defaultTimeoutMinutes);
  const grace = asNumber(setting(group, 'LockGrace'), defaultGraceSeconds);
  if (minutes === undefined || grace === undefined) {
    const detail =
      'The settings of the screen lock hold a time that is no number. Set it again in System Settings, Screen Locking.';
    return unknown('output-unreadable', detail, own);
  }
  const asksPassword = asBoolean(setting(group, 'RequirePassword'), true) && asBoolean(setting(group, 'Lock'), true);
  const enabled = asBoolean(setting(group, 'Autolock'), true) && minutes > 0 && asksPassword;
  const delaySeconds = enabled ? Math.min(1_000_000, Math.round(minutes * 60) + Math.max(0, Math.round(grace))) : null;
  return found({ enabled, delaySeconds, desktop: 'kde' }, own);
}

/** XDG Base Directory Specification: a path that is not absolute is to be ignored. */
function folderOf(path: string | undefined): string | undefined {
  return path?.startsWith('/') === true ? path.replace(/\/+$/, '') : undefined;
}
