import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { day, toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { CommandResult, System } from '../system.ts';

const options = { deadlineMs: 10_000, maxBytes: 2 * 1024 * 1024 };
const nothingToDo = 2;
const syncFolder = '/var/lib/pacman/sync';

/** Counts `name 1.0-1 -> 1.1-1`. */
function parseUpdates(text: string): number {
  return text.split('\n').filter((line) => /^\S+ \S+ -> \S+/.test(line)).length;
}

/**
 * Arch. pacman knows only what it fetched last, which on Arch is when the last update was installed; checkupdates
 * fetches lists into a folder of its own, so it is the one check that uses the network. Without it, the age of
 * pacman's list tells what its answer is worth.
 */
export async function readPacman(system: System): Promise<Finding<z.infer<typeof pendingUpdates.value>>> {
  const fetched = await system.run('/usr/bin/checkupdates', [], options);
  if (fetched.outcome === 'exited' && (fetched.code === 0 || fetched.code === nothingToDo)) {
    // Only the day, so that a machine on which nothing changes gives an unchanged reading.
    const today = Math.floor(system.clock.now() / day) * day;
    return answer(parseUpdates(fetched.stdout), today, 'checkupdates');
  }
  const known = await system.run('/usr/bin/pacman', ['-Qu'], options);
  const method = 'pacman -Qu';
  if (known.outcome !== 'exited') return { ...unanswered(known, 'pacman'), method };
  if (!isList(known))
    return unknown('output-unreadable', 'pacman could not list updates. Run “pacman -Qu” to see why.', method);
  return answer(parseUpdates(known.stdout), await newestList(system), method);
}

/** pacman ends with 1 both when there is nothing to do and when something is wrong; only then it says so. */
function isList(result: CommandResult & { outcome: 'exited' }): boolean {
  return result.code === 0 || (result.code === 1 && result.stdout.trim() === '' && !result.stderr.includes('error'));
}

async function newestList(system: System): Promise<Instant | undefined> {
  const names = (await system.list(syncFolder))?.filter((name) => name.endsWith('.db')) ?? [];
  const times = await Promise.all(names.map((name) => system.modifiedAt(`${syncFolder}/${name}`)));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function answer(
  count: number,
  refreshed: Instant | undefined,
  method: string,
): Finding<z.infer<typeof pendingUpdates.value>> {
  const listRefreshedAt = refreshed === undefined ? null : toTimestamp(refreshed);
  return found({ count, securityCount: null, restartRequired: null, listRefreshedAt, source: 'pacman' }, method);
}
