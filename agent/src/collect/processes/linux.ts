import { found, unknown, type Finding } from '../finding.ts';
import type { Wish } from '../collector.ts';
import type { System } from '../system.ts';
import { mostTargets, type Processes } from './named.ts';

const method = '/proc/*/exe';
/** The kernel adds it when the file is gone from its folder: replaced by an update, or deleted. */
const deletedSuffix = ' (deleted)';
const atOnce = 32;

interface Program {
  pid: string;
  path: string;
  /** The file that runs is no longer the one at that path. */
  isDeleted: boolean;
}

/**
 * Whether the named programs run, by the file that the kernel says each process was started from. A name or a command line
 * is never believed: a process chooses both for itself.
 */
export async function readLinux(system: System, { targets }: Wish): Promise<Finding<Processes>> {
  const ids = (await system.list('/proc'))?.filter((name) => /^\d+$/.test(name));
  if (ids === undefined || ids.length === 0) {
    return unknown('no-data', 'The running programs cannot be listed: /proc is not mounted here.', method);
  }
  if (targets.length === 0) return found({ processes: [] }, method);
  const { programs, hidden } = await readPrograms(system, ids);
  const processes: Processes['processes'] = [];
  for (const path of targets.slice(0, mostTargets)) {
    const runs = await isRunning(system, path, programs);
    // Whoever cannot be seen may be the one that is looked for.
    processes.push({ path, running: runs === false && hidden ? null : runs });
  }
  return found({ processes }, method);
}

async function readPrograms(system: System, ids: readonly string[]): Promise<{ programs: Program[]; hidden: boolean }> {
  const programs: Program[] = [];
  // With hidepid the processes of others are not even listed; the first one always runs.
  let hidden = !ids.includes('1');
  const waiting = ids.values();
  const worker = async () => {
    for (const pid of waiting) {
      const link = await system.readLink(`/proc/${pid}/exe`);
      if (link.outcome === 'read') {
        const isDeleted = link.target.endsWith(deletedSuffix);
        const path = isDeleted ? link.target.slice(0, -deletedSuffix.length) : link.target;
        programs.push({ pid, path, isDeleted });
      } else if (link.outcome === 'refused' && !hidden) {
        hidden = !(await isKernelThread(system, pid));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { programs, hidden };
}

/** Threads of the kernel run no file, and this user is refused theirs all the same. proc(5): `flags`, PF_KTHREAD. */
async function isKernelThread(system: System, pid: string): Promise<boolean> {
  const stat = await system.readFile(`/proc/${pid}/stat`);
  // It ended meanwhile.
  if (stat.outcome === 'absent') return true;
  if (stat.outcome !== 'read') return false;
  // The name stands in brackets and may hold brackets and spaces itself.
  const flags = Number(stat.text.slice(stat.text.lastIndexOf(')') + 2).split(' ')[6]);
  return Number.isInteger(flags) && (flags & 0x00200000) !== 0;
}

/**
 * A container, or a name space of one's own, may hold another file at the same path, and the kernel writes both paths
 * alike. What counts is the file.
 */
async function isRunning(system: System, path: string, programs: readonly Program[]): Promise<boolean | null> {
  const real = (await system.realPath(path)) ?? path;
  const candidates = programs.filter((program) => program.path === real || program.path === path);
  if (candidates.length === 0) return false;
  const named = await system.inspect(real);
  let answer: boolean | null = false;
  for (const { pid, isDeleted } of candidates) {
    const running = await system.inspect(`/proc/${pid}/exe`);
    if (named.outcome === 'found' && running.outcome === 'found' && named.identity === running.identity) return true;
    if (!isDeleted) continue;
    // An update put a new file in its place while it ran on; its own view of the disk must be ours to know.
    const isOurs = await sharesOurMounts(system, pid);
    if (isOurs === true) return true;
    if (isOurs === undefined) answer = null;
  }
  return answer;
}

async function sharesOurMounts(system: System, pid: string): Promise<boolean | undefined> {
  const [own, others] = await Promise.all([
    system.readLink('/proc/self/ns/mnt'),
    system.readLink(`/proc/${pid}/ns/mnt`),
  ]);
  if (own.outcome !== 'read' || others.outcome !== 'read') return undefined;
  // Another name space may be a container or a service that is shielded by systemd: nobody can tell which.
  return own.target === others.target ? true : undefined;
}
