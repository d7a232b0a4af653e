import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { toTimestamp } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

const program = '/usr/bin/dnf';
/** From the cache only: to fetch lists takes half a minute, and is not for a check to do. */
const listing = ['-q', '-C', 'check-update'];
const options = { deadlineMs: 8_000, maxBytes: 2 * 1024 * 1024 };
const updatesAvailable = 100;

const longestLine = 1000;

/**
 * Counts `name.arch version repository`, up to the packages that only replace others. Sentences of plugins may stand
 * between. Undefined where a line of three words is another one: it may be an update.
 */
export function parseCheckUpdate(text: string): number | undefined {
  const [updates = ''] = text.split(/^Obsoleting Packages/m);
  // A name that is too long for its column stands in a line of its own, and the rest below it, indented.
  const lines = updates.replace(/\n[ \t]+(?=\S)/g, ' ').split('\n');
  if (lines.some((line) => line.length > longestLine)) return undefined;
  const rows = lines
    // Sentences about the kernel name it too.
    .filter((line) => !line.startsWith('Security: '))
    .map((line) => line.trim().split(/ +/))
    .filter((words) => words.length === 3 || (words.length > 1 && words.some(isPackage)));
  return rows.every(isUpdate) ? rows.length : undefined;
}

function isPackage(name: string): boolean {
  return /^[\w.+-]+\.(?:noarch|x86_64|i[3-6]86|aarch64|armv7hl|ppc64le|s390x|riscv64)$/.test(name);
}

function isUpdate(words: readonly string[]): boolean {
  const [name = '', version = '', repository = ''] = words;
  return words.length === 3 && isPackage(name) && /^[\w.:+~^-]+$/.test(version) && /^[@\w.:/+-]+$/.test(repository);
}

/** Fedora, RHEL and their relatives. */
export async function readDnf(system: System): Promise<Finding<z.infer<typeof pendingUpdates.value>>> {
  const method = `dnf ${listing.join(' ')}`;
  const all = await countOf(system, listing);
  if (typeof all !== 'number') return all;
  const security = all === 0 ? 0 : await countOf(system, [...listing, '--security']);
  const refreshed = await system.modifiedAt('/var/cache/dnf/last_makecache');
  return found(
    {
      count: all,
      securityCount: typeof security === 'number' ? security : null,
      restartRequired: null,
      listRefreshedAt: refreshed === undefined ? null : toTimestamp(refreshed),
      source: 'dnf',
    },
    method,
  );
}

async function countOf(system: System, args: readonly string[]): Promise<number | Finding<never>> {
  const method = `dnf ${args.join(' ')}`;
  const result = await system.run(program, args, options);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'dnf'), method };
  if (result.code === 0 && result.stdout.trim() === '') return 0;
  const count = parseCheckUpdate(result.stdout);
  if (result.code === updatesAvailable && count !== 0) {
    if (count !== undefined && result.stdout.endsWith('\n')) return count;
    return unknown('output-unreadable', 'The list that dnf gave has lines that are not known. Check again.', method);
  }
  return unknown(
    'no-data',
    'dnf has no list of updates that this user may read. Run “dnf makecache”, or let the agent run as root.',
    method,
  );
}
