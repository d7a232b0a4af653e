import { createHash } from 'node:crypto';
import type { Platform } from '@postern/shared/checks/define';
import type { Instant } from '@postern/shared/time';
import type { CommandResult, EntryResult, FileResult, LinkResult, System } from '../system.ts';

/** A machine as somebody recorded it. What is not listed does not exist on it. */
export interface Recording {
  platform: Platform;
  /** Path to text, or to the reason why there is none. */
  files?: Record<string, string | FileResult>;
  bytes?: Record<string, readonly number[]>;
  /** Folders whose names matter beyond those that files, bytes and links imply; `[]` is an empty folder. */
  dirs?: Record<string, readonly string[]>;
  /** Path to target, which may be relative. A link in the middle of a path is followed too, as sysfs needs it. */
  links?: Record<string, string>;
  /** `'/usr/bin/tool arg arg'` to standard output (exit code 0) or to any other result. */
  commands?: Record<string, string | CommandResult>;
  /** What stands there, where it is not simply a file or a folder of those above. */
  entries?: Record<string, EntryResult>;
  /** What these links say when they are not followed (`/proc/12/exe`). */
  rawLinks?: Record<string, string | Exclude<LinkResult, { outcome: 'read' }>>;
  modified?: Record<string, Instant>;
  diskSpace?: Record<string, { sizeBytes: number; freeBytes: number }>;
  env?: Record<string, string>;
  home?: string;
  uid?: number;
  now?: Instant;
  uptimeSeconds?: number;
}

export interface RecordedSystem extends System {
  /** Every command that was run, in order and as it would be recorded. */
  readonly ran: readonly string[];
  /** What the commands were given on standard input, in order; undefined where nothing was. */
  readonly inputs: readonly (string | undefined)[];
}

/** What a file or a command answers that this user may not open or run. */
export const refused = { outcome: 'refused' } as const;

/** A command that ended with that code. */
export function exited(code: number, stdout = '', stderr = ''): CommandResult {
  return { outcome: 'exited', code, stdout, stderr };
}

/** A System that answers from a recording: no clock, no disk, no processes. */
export function recordedSystem(recording: Recording): RecordedSystem {
  const files = new Map(Object.entries(recording.files ?? {}));
  const bytes = new Map(Object.entries(recording.bytes ?? {}));
  const links = new Map(Object.entries(recording.links ?? {}));
  const dirs = new Map(Object.entries(recording.dirs ?? {}));
  const commands = new Map(Object.entries(recording.commands ?? {}));
  const entries = new Map(Object.entries(recording.entries ?? {}));
  const rawLinks = new Map(Object.entries(recording.rawLinks ?? {}));
  const modified = new Map(Object.entries(recording.modified ?? {}));
  const space = new Map(Object.entries(recording.diskSpace ?? {}));
  const home =
    recording.home ?? { linux: '/home/ada', macos: '/Users/ada', windows: 'C:\\Users\\ada' }[recording.platform];
  const folders = impliedFolders([...files.keys(), ...bytes.keys(), ...links.keys(), ...modified.keys()], dirs);
  const ran: string[] = [];
  const inputs: (string | undefined)[] = [];
  const follow = (path: string) => followLinks(path, links);
  const inspect = (path: string): EntryResult => {
    const told = entries.get(path);
    if (told !== undefined) return told;
    if (folders.has(path)) return { outcome: 'found', kind: 'folder', sizeBytes: 0, identity: path, version: path };
    const file = files.get(path);
    const text = typeof file === 'string' ? file : file?.outcome === 'read' ? file.text : '';
    if (!files.has(path) && !bytes.has(path)) return { outcome: 'absent' };
    const sizeBytes = bytes.get(path)?.length ?? Buffer.byteLength(text);
    return { outcome: 'found', kind: 'file', sizeBytes, identity: path, version: `${path}:${text}` };
  };

  return {
    platform: recording.platform,
    clock: { now: () => recording.now ?? Date.UTC(2026, 10, 21, 9, 30) },
    uid: recording.uid ?? (recording.platform === 'windows' ? -1 : 1000),
    env: recording.env ?? {},
    home,
    ran,
    inputs,
    async readFile(path) {
      const file = files.get(follow(path));
      if (file === undefined) return { outcome: 'absent' };
      return typeof file === 'string' ? { outcome: 'read', text: file } : file;
    },
    async readBytes(path) {
      const recorded = bytes.get(follow(path));
      return recorded && Uint8Array.from(recorded);
    },
    async list(path) {
      const names = folders.get(follow(path));
      return names && [...names].toSorted();
    },
    async realPath(path) {
      const real = follow(path);
      return files.has(real) || bytes.has(real) || folders.has(real) || modified.has(real) ? real : undefined;
    },
    async readLink(path) {
      const link = rawLinks.get(path) ?? links.get(path);
      if (link === undefined) return { outcome: 'absent' };
      return typeof link === 'string' ? { outcome: 'read', target: link } : link;
    },
    inspect: async (path) => inspect(follow(path)),
    async digest(path, mostBytes) {
      const real = follow(path);
      const entry = inspect(real);
      if (entry.outcome !== 'found') return entry;
      if (entry.kind !== 'file') return { outcome: 'not-a-file' };
      if (entry.sizeBytes > mostBytes) return { outcome: 'too-large' };
      const file = files.get(real);
      if (file !== undefined && typeof file !== 'string' && file.outcome !== 'read') return file;
      const content = typeof file === 'string' ? file : file?.text;
      const hash = createHash('sha256').update(content ?? Uint8Array.from(bytes.get(real) ?? []));
      return { outcome: 'read', sha256: hash.digest('hex'), version: entry.version };
    },
    async modifiedAt(path) {
      return modified.get(follow(path));
    },
    async diskSpace(path) {
      return space.get(path);
    },
    uptimeSeconds: () => recording.uptimeSeconds ?? 3600,
    async run(program, args, options) {
      const command = [program, ...args].join(' ');
      ran.push(command);
      inputs.push(options?.input);
      const answer = commands.get(command);
      if (answer === undefined) return { outcome: 'absent' };
      return typeof answer === 'string' ? exited(0, answer) : answer;
    },
  };
}

/** Every folder that must exist for these paths to exist, with the names in it. */
function impliedFolders(paths: string[], dirs: ReadonlyMap<string, readonly string[]>): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  const folder = (path: string) => {
    const names = folders.get(path) ?? new Set();
    folders.set(path, names);
    return names;
  };
  const climb = (path: string) => {
    for (let child = path; ;) {
      const cut = Math.max(child.lastIndexOf('/'), child.lastIndexOf('\\'));
      if (cut < 0 || cut === child.length - 1) return;
      const parent = child.slice(0, cut) || '/';
      folder(parent).add(child.slice(cut + 1));
      child = parent;
    }
  };
  for (const path of paths) climb(path);
  for (const [path, names] of dirs) {
    climb(path);
    for (const name of names) folder(path).add(name);
    folder(path);
  }
  return folders;
}

/** A recording may hold a circle of links by mistake; the real system gives up on one too. */
const mostLinks = 40;

function followLinks(path: string, links: ReadonlyMap<string, string>): string {
  let current = path;
  for (let followed = 0; followed < mostLinks; followed++) {
    const link = prefixes(current).find((prefix) => links.has(prefix));
    if (link === undefined) return current;
    const target = links.get(link) ?? '';
    const base = target.startsWith('/') ? target : `${link.slice(0, link.lastIndexOf('/'))}/${target}`;
    current = normalise(base) + current.slice(link.length);
  }
  return path;
}

function prefixes(path: string): string[] {
  const cuts = [...path.matchAll(/\//g)].map((slash) => slash.index).filter((at) => at > 0);
  return [...cuts.map((at) => path.slice(0, at)), path];
}

function normalise(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}
