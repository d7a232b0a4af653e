import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { isActiveTimer } from './timers.ts';

const mechanism = 'unattended-upgrades';
const timers = ['apt-daily.timer', 'apt-daily-upgrade.timer'];

/** Reads `apt-config dump`: `APT::Periodic::Unattended-Upgrade "1";`. Later ones win. */
export function parseConfiguration(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^(\S+) "(.*)";$/gm)].map(([, name, value]) => [(name ?? '').toLowerCase(), value ?? '']),
  );
}

/** An interval: days, or a number with a unit, or `always`. Nothing and zero are never (apt.systemd.daily). */
export function isEver(interval: string | undefined): boolean {
  return interval === 'always' || /^0*[1-9]\d*[smhd]?$/.test(interval ?? '');
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
  if (result.code !== 0 || settings.size === 0) {
    return unknown('output-unreadable', 'apt did not tell its settings. Run “apt-config dump” to see why.', method);
  }
  const periodic = (name: string) => settings.get(`apt::periodic::${name}`);
  const wanted =
    (periodic('enable') ?? '1') !== '0' &&
    isEver(periodic('update-package-lists')) &&
    isEver(periodic('unattended-upgrade'));
  const running = await Promise.all(timers.map((timer) => isActiveTimer(system, timer)));
  return found({ enabled: wanted && running.every(Boolean), mechanism }, method);
}
