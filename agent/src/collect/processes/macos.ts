// Read from recorded output; not run on the system itself.
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { Wish } from '../collector.ts';
import type { System } from '../system.ts';
import { baseName, mostTargets, type Processes } from './named.ts';

const method = '/bin/ps -axo pid=,uid=,comm=; /usr/sbin/lsof -d txt';
const mostOutput = 1024 * 1024;
/** More of one's own with the name that is looked for nobody has. */
const mostAsked = 64;

interface Listed {
  pid: string;
  uid: number;
  /** How the program was called: mostly its path, and chosen by whoever started it. */
  command: string;
}

/**
 * Whether the named programs run. ps shows how a program was called; that a process of this user really is that program,
 * lsof says by the file that it runs. Another user's process cannot be dressed up by this one.
 */
export async function readMacos(system: System, { targets }: Wish): Promise<Finding<Processes>> {
  if (targets.length === 0) return found({ processes: [] }, method);
  const result = await system.run('/bin/ps', ['-axo', 'pid=,uid=,comm='], { maxBytes: mostOutput });
  if (result.outcome !== 'exited') return { ...unanswered(result, '/bin/ps'), method };
  const listed = parsePs(result.stdout);
  // launchd always runs: a list without it is not whole.
  if (result.code !== 0 || listed === undefined || !listed.some(({ pid }) => pid === '1')) {
    return unknown('output-unreadable', 'The list of running programs (ps) is not in the known form.', method);
  }
  const wanted = targets.slice(0, mostTargets);
  const names = new Set(wanted.map(baseName));
  const own = listed.filter(({ uid, command }) => uid === system.uid && names.has(nameOf(command)));
  const files = await filesOf(system, own);
  const processes: Processes['processes'] = [];
  for (const path of wanted) {
    const real = (await system.realPath(path)) ?? path;
    processes.push({ path, running: isRunning(path, real, listed, system.uid, files) });
  }
  return found({ processes }, method);
}

function isRunning(
  path: string,
  real: string,
  listed: readonly Listed[],
  uid: number,
  files: ReadonlyMap<string, string> | undefined,
): boolean | null {
  let answer: boolean | null = false;
  for (const process of listed) {
    if (nameOf(process.command) !== baseName(path) && nameOf(process.command) !== baseName(real)) continue;
    if (process.uid === uid) {
      const file = files?.get(process.pid);
      if (file === path || file === real) return true;
      if (file === undefined) answer = null;
    } else if (process.command === path || process.command === real) {
      return true;
    } else if (!process.command.startsWith('/')) {
      // Called by its name alone, or the system shows no more of it.
      answer = null;
    }
  }
  return answer;
}

/** `-zsh` is a login shell, `(name)` a process whose arguments ps was not shown. */
function nameOf(command: string): string {
  return baseName(command).replace(/^-|^\(|\)$/g, '');
}

/** Lines of `ps -axo pid=,uid=,comm=`; undefined where one is of another form, or the last is cut off. */
export function parsePs(text: string): Listed[] | undefined {
  if (!text.endsWith('\n')) return undefined;
  const listed: Listed[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [, pid, uid, command] = /^ *(\d{1,10}) +(-?\d{1,10}) (.+)$/.exec(line) ?? [];
    if (pid === undefined || uid === undefined || command === undefined) return undefined;
    listed.push({ pid, uid: Number(uid), command: command.trim() });
  }
  return listed;
}

/** The program files of processes of one's own; undefined where lsof does not say. */
async function filesOf(system: System, own: readonly Listed[]): Promise<ReadonlyMap<string, string> | undefined> {
  if (own.length === 0) return new Map();
  const pids = own.slice(0, mostAsked).map(({ pid }) => pid);
  const result = await system.run(
    '/usr/sbin/lsof',
    ['-n', '-P', '-w', '-a', '-p', pids.join(','), '-d', 'txt', '-F', 'n'],
    {
      maxBytes: mostOutput,
    },
  );
  // It ends with 1 when one of the processes is gone meanwhile, and lists the others all the same.
  return result.outcome === 'exited' && result.code <= 1 ? parseLsof(result.stdout) : undefined;
}

/** The first text file of each process in the output of `lsof -F n`: the program itself, before its libraries. */
export function parseLsof(text: string): Map<string, string> {
  const files = new Map<string, string>();
  let pid = '';
  // A last line without its end may be half a path.
  for (const line of text.split('\n').slice(0, -1)) {
    if (/^p\d{1,10}$/.test(line)) pid = line.slice(1);
    else if (line.startsWith('n/') && pid !== '' && !files.has(pid)) files.set(pid, line.slice(1));
  }
  return files;
}
