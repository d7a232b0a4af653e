import { spawnSync } from 'node:child_process';

/** Where the parts of a bench run: one core for whichever server is measured, the others for who measures. */
export interface Cores {
  /** Goes before the command of a server. */
  server: readonly string[];
  /** For the report. */
  about: string;
}

/**
 * Moves this process off the core that the servers get. Without `taskset` (Linux) or with one core only, nothing is pinned
 * and the report says so: such figures are good for a look, not for a claim.
 */
export function takeCores(): Cores {
  const list = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  if (list.status !== 0) return { server: [], about: 'nothing is pinned: there is no taskset here' };
  const cores = coresIn(list.stdout.slice(list.stdout.lastIndexOf(':') + 1).trim());
  const [first, ...others] = cores;
  if (first === undefined || others.length === 0)
    return { server: [], about: 'nothing is pinned: there is one core, which server and load share' };
  const moved = spawnSync('taskset', ['-a', '-cp', others.join(','), String(process.pid)], { encoding: 'utf8' });
  if (moved.status !== 0) return { server: [], about: `nothing is pinned: ${moved.stderr.trim()}` };
  return {
    server: ['taskset', '-c', String(first)],
    about: `each server is pinned to core ${first}, the load runs on ${others.length === 1 ? 'core' : 'cores'} ${others.join(', ')}`,
  };
}

/** `0-2,5` as taskset writes it. */
function coresIn(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
