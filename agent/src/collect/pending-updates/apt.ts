import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import { familyOf } from '../package-manager.ts';
import type { CommandResult, System } from '../system.ts';
import { policyMethod, type Upgradable, upgradableByPolicy } from './apt-policy.ts';

const lists = '/var/lib/apt/lists';
/** Cheaper than to simulate an upgrade by a factor of three, and without the files that a simulation leaves behind. */
const program = '/usr/bin/apt';
const deadlineMs = 8_000;
const maxBytes = 2 * 1024 * 1024;

/** Reads `apt list --upgradable`: `name/suite,suite version arch [upgradable from: version]`. */
export function parseUpgradable(text: string): Upgradable {
  let count = 0;
  let securityCount = 0;
  for (const line of text.split('\n')) {
    const suites = /^[a-z0-9][a-z0-9+.-]+\/([\w.,+~:@/-]{1,300}) \S+ \S+ \[upgradable from: [^\]]+\]$/.exec(
      line.trimEnd(),
    )?.[1];
    if (suites === undefined) continue;
    count += 1;
    if (suites.split(',').some((suite) => /-security$/i.test(suite))) securityCount += 1;
  }
  return { count, securityCount };
}

/** Whether every line is one that apt writes: half a line is an update that was not counted. */
export function isWholeList(text: string): boolean {
  const lines = text.split('\n');
  return (
    /^Listing\.\.\.(?: Done)?\r?$/.test(lines[0] ?? '') &&
    lines.at(-1) === '' &&
    lines.slice(1).every((line) => line.trim() === '' || /^[NW]: /.test(line) || parseUpgradable(line).count === 1)
  );
}

/** Debian and Ubuntu. */
export async function readApt(system: System): Promise<Finding<z.infer<typeof pendingUpdates.value>>> {
  const indexes =
    (await system.list(lists))?.filter((name) => /_(?:InRelease|Release|Packages[^_]*)$/.test(name)) ?? [];
  if (indexes.length === 0) {
    return unknown('no-data', 'The list of available updates was never fetched. Run “sudo apt update”.', lists);
  }
  const { answer, method } = await upgradable(system);
  if ('status' in answer) return answer;
  const { count, securityCount } = answer;
  const refreshed = await refreshedAt(system);
  return found(
    {
      count,
      // Without a source of security updates none is ever marked as one, which is not the same as none.
      securityCount: indexes.some((name) => /-security_/.test(name)) ? securityCount : null,
      restartRequired: await restartRequired(system),
      listRefreshedAt: refreshed === undefined ? null : toTimestamp(refreshed),
      source: 'apt',
    },
    method,
  );
}

interface Answer {
  answer: Upgradable | Finding<never>;
  method: string;
}

/** Whose turn it is with a phased update only `apt list` tells; elsewhere the policy tells the same for less. */
async function upgradable(system: System): Promise<Answer> {
  if (!(await familyOf(system)).includes('ubuntu')) {
    const answer = await upgradableByPolicy(system);
    if (!('status' in answer)) return { answer, method: policyMethod };
  }
  return listed(system);
}

async function listed(system: System): Promise<Answer> {
  const { args, result } = await list(system);
  const method = `apt ${args.join(' ')}`;
  if (result.outcome !== 'exited') return { answer: { ...unanswered(result, 'apt'), method }, method };
  if (result.code !== 0 || !isWholeList(result.stdout)) {
    const sentence = 'apt could not list updates. Run “apt list --upgradable” to see why.';
    return { answer: unknown('output-unreadable', sentence, method), method };
  }
  return { answer: parseUpgradable(result.stdout), method };
}

/**
 * Ubuntu offers an update to more machines day by day; until it is this one's turn there is nothing to install. Held
 * packages count: that somebody held them makes them no newer. An apt that does not know phasing has no such updates.
 */
async function list(system: System): Promise<{ args: readonly string[]; result: CommandResult }> {
  const all = ['list', '--upgradable'];
  if ((await familyOf(system)).includes('ubuntu')) {
    const args = [...all, '?not(?phasing)'];
    const result = await system.run(program, args, { deadlineMs, maxBytes });
    if (result.outcome !== 'exited' || result.code === 0) return { args, result };
  }
  return { args: all, result: await system.run(program, all, { deadlineMs, maxBytes }) };
}

/** Ubuntu stamps each success, and apt's own daily run its successes; elsewhere the folder changes when a list does. */
async function refreshedAt(system: System): Promise<Instant | undefined> {
  const folder = '/var/lib/apt/periodic';
  const stamps = [`${folder}/update-success-stamp`, `${folder}/update-stamp`, lists];
  const times = (await Promise.all(stamps.map((path) => system.modifiedAt(path)))).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Packages ask for a restart through a file that update-notifier or unattended-upgrades brings. */
async function restartRequired(system: System): Promise<boolean | null> {
  for (const path of ['/run/reboot-required', '/var/run/reboot-required']) {
    // That it is there says it, whether it can be read or not.
    if ((await system.readFile(path)).outcome !== 'absent') return true;
  }
  const helpers = ['/usr/share/update-notifier/notify-reboot-required', '/usr/bin/unattended-upgrade'];
  const present = await Promise.all(helpers.map((path) => system.realPath(path)));
  return present.every((path) => path === undefined) ? null : false;
}
