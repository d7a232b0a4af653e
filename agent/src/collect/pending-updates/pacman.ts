import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { day, toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { CommandResult, System } from '../system.ts';

const options = { deadlineMs: 10_000, maxBytes: 2 * 1024 * 1024 };
const nothingToDo = 2;
const syncFolder = '/var/lib/pacman/sync';

/** Counts `name 1.0-1 -> 1.1-1`. Undefined where a line is another one, or was cut off: it may be an update. */
export function countUpdates(text: string): number | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '') return undefined;
  const isUpdate = (line: string) => /^[a-z0-9@_+][\w@.+-]* [\w.:+~-]+ -> [\w.:+~-]+(?: \[ignored\])?$/.test(line);
  return lines.every(isUpdate) ? lines.length : undefined;
}

/**
 * Arch. pacman knows only what it fetched last, which on Arch is when the last update was installed; checkupdates
 * fetches lists into a folder of its own, so it is the one check that uses the network. Without it, the age of
 * pacman's list tells what its answer is worth.
 */
export async function readPacman(system: System): Promise<Finding<z.infer<typeof pendingUpdates.value>>> {
  const fetched = await system.run('/usr/bin/checkupdates', [], options);
  if (fetched.outcome === 'exited' && (fetched.code === 0 || fetched.code === nothingToDo)) {
    const count = countUpdates(fetched.stdout);
    // Only the day, so that a machine on which nothing changes gives an unchanged reading.
    const today = Math.floor(system.clock.now() / day) * day;
    // It ends with another code where there is nothing to do, so that nothing with 0 is no answer.
    const isTold = count !== undefined && count > 0 === (fetched.code === 0) && !/error/i.test(fetched.stderr);
    if (isTold) return answer(count, today, 'checkupdates');
  }
  const known = await system.run('/usr/bin/pacman', ['-Qu'], options);
  const method = 'pacman -Qu';
  if (known.outcome !== 'exited') return { ...unanswered(known, 'pacman'), method };
  const count = countKnown(known);
  return count === undefined
    ? unknown('output-unreadable', 'pacman could not list updates. Run “pacman -Qu” to see why.', method)
    : answer(count, await newestList(system), method);
}

/** pacman ends with 1 both when there is nothing to do and when something is wrong; only then it says so. */
function countKnown(result: CommandResult & { outcome: 'exited' }): number | undefined {
  if (result.code === 1) return result.stdout.trim() === '' && !result.stderr.includes('error') ? 0 : undefined;
  const count = result.code === 0 ? countUpdates(result.stdout) : undefined;
  return count === 0 ? undefined : count;
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
