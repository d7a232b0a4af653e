import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import { holdsStrange } from '../strange-characters.ts';
import type { System } from '../system.ts';
import { isActiveTimer } from './timers.ts';

const mechanism = 'unattended-upgrades';
const timers = ['apt-daily.timer', 'apt-daily-upgrade.timer'];

/** Reads `apt-config dump`: `APT::Periodic::Unattended-Upgrade "1";`. Later ones win. */
export function parseConfiguration(text: string): Map<string, string> {
  return new Map(assignments(text));
}

/** Members of a list all have the list's name with `::` behind it. */
function assignments(text: string): [name: string, value: string][] {
  return [...text.matchAll(/^(\S+) "(.*)";$/gm)].map(([, name, value]) => [(name ?? '').toLowerCase(), value ?? '']);
}

/**
 * Whether unattended-upgrades installs what comes from the source of security updates: it installs from the origins that
 * it is told and from no others. Undefined where it is told some that may or may not be that source.
 */
export function includesSecurity(text: string): boolean | undefined {
  const lists = new Set(['unattended-upgrade::origins-pattern::', 'unattended-upgrade::allowed-origins::']);
  const origins = assignments(text).flatMap(([name, value]) => (lists.has(name) && value !== '' ? [value] : []));
  if (origins.length === 0) return false;
  return origins.some((origin) => /security|\*/i.test(origin)) || undefined;
}

/** An interval: days, or a number with a unit, or `always`. Nothing and zero are never (apt.systemd.daily). */
export function isEver(interval: string | undefined): boolean {
  return interval === 'always' || /^0*[1-9]\d*[smhd]?$/.test(interval ?? '');
}

/** As the shell of apt.systemd.daily compares numbers. */
function isZero(value: string | undefined): boolean {
  return value !== undefined && /^[+-]?0+$/.test(value.trim());
}

/** Debian and Ubuntu: the program, the settings that make it run, and the timers that run it must all be there. */
export async function readApt(system: System): Promise<Finding<z.infer<typeof automaticUpdates.value>>> {
  if ((await system.realPath('/usr/bin/unattended-upgrade')) === undefined) {
    return found({ enabled: false, mechanism: 'none' }, '/usr/bin/unattended-upgrade');
  }
  const method = 'apt-config dump, /etc/systemd/system/timers.target.wants';
  const result = await system.run('/usr/bin/apt-config', ['dump']);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'apt-config'), method };
  const settings = parseConfiguration(result.stdout);
  // The name that something strange stands in may be that of the switch for all of it.
  if (result.code !== 0 || settings.size === 0 || holdsStrange(result.stdout)) {
    return unknown('output-unreadable', 'apt did not tell its settings. Run “apt-config dump” to see why.', method);
  }
  const periodic = (name: string) => settings.get(`apt::periodic::${name}`);
  const wanted =
    !isZero(periodic('enable')) && isEver(periodic('update-package-lists')) && isEver(periodic('unattended-upgrade'));
  const secure = includesSecurity(result.stdout);
  if (wanted && secure === undefined) {
    return unknown(
      'no-data',
      'unattended-upgrades is told where updates may come from, and whether security updates are among them cannot be seen. Look in /etc/apt/apt.conf.d/50unattended-upgrades.',
      method,
    );
  }
  const running = await Promise.all(timers.map((timer) => isActiveTimer(system, timer)));
  return found({ enabled: wanted && secure === true && running.every(Boolean), mechanism }, method);
}
