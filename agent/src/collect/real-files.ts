import { constants } from 'node:fs';
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readdir, readlink, realpath, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../error-code.ts';
import type { DigestResult, EntryResult, FileResult, LinkResult, System } from './system.ts';

const mostText = 1024 * 1024;
const mostBytes = 64 * 1024;

type Files = Pick<
  System,
  'readFile' | 'readBytes' | 'list' | 'realPath' | 'readLink' | 'inspect' | 'digest' | 'modifiedAt' | 'diskSpace'
>;

/** The file half of the real System. Reads only, and never blocks on a pipe that somebody put in a file's place. */
export const realFiles: Files = {
  async readFile(path) {
    try {
      const bytes = await readRegular(path, mostText);
      if (bytes === undefined) return { outcome: 'failed', detail: 'it is larger than 1 MiB' };
      return { outcome: 'read', text: new TextDecoder().decode(bytes) };
    } catch (error) {
      return unreadable(error);
    }
  },
  readBytes: (path) => orUndefined(readRegular(path, mostBytes)),
  list: (path) => orUndefined(readdir(path).then((names) => names.sort())),
  realPath: (path) => orUndefined(realpath(path)),
  readLink,
  inspect,
  digest,
  modifiedAt: (path) => orUndefined(stat(path).then((entry) => instantOf(entry.mtimeMs))),
  diskSpace: (path) =>
    orUndefined(
      statfs(path).then(({ bsize, blocks, bavail }) => ({ sizeBytes: blocks * bsize, freeBytes: bavail * bsize })),
    ),
};

/** The bytes of a regular file, or undefined when there are more. Files of /proc state no size, so it is not asked. */
async function readRegular(path: string, most: number): Promise<Uint8Array | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is not a file');
    const chunks: Uint8Array[] = [];
    for (let length = 0; length <= most;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunks.length === 0 ? 8192 : 65_536));
      if (bytesRead === 0) return Buffer.concat(chunks);
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

async function readLink(path: string): Promise<LinkResult> {
  try {
    return { outcome: 'read', target: await readlink(path) };
  } catch (error) {
    return { outcome: absentOrRefused(error) ?? 'absent' };
  }
}

async function inspect(path: string): Promise<EntryResult> {
  try {
    const entry = await stat(path, { bigint: true });
    const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
    return {
      outcome: 'found',
      kind,
      sizeBytes: Number(entry.size),
      identity: identityOf(entry),
      version: versionOf(entry),
    };
  } catch (error) {
    return failureOf(error);
  }
}

const othersRead = 0o004n;
const othersEnter = 0o001;

/** By the modes alone: an access list may open it to some more, and those are not everybody. */
async function isPrivate(path: string, { mode }: BigIntStats): Promise<boolean> {
  if (process.platform === 'win32') return false;
  if ((mode & othersRead) === 0n) return true;
  const real = await orUndefined(realpath(path));
  // It has no name any more by which anybody could reach it.
  if (real === undefined) return true;
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    const entered = await orUndefined(stat(folder));
    if (entered === undefined || (entered.mode & othersEnter) === 0) return true;
    if (folder === dirname(folder)) return false;
  }
}

/** Large enough to keep the calls few, small enough that hashing one holds nobody up. */
const chunkBytes = 512 * 1024;

async function digest(path: string, mostBytes: number): Promise<DigestResult> {
  try {
    // Looked at before it is opened: opening alone waits on a pipe, and starts the clock of a watchdog.
    const entry = await stat(path, { bigint: true });
    if (!entry.isFile()) return { outcome: 'not-a-file' };
    if (await isPrivate(path, entry)) return { outcome: 'refused' };
    if (entry.size > mostBytes) return { outcome: 'too-large' };
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await digestOf(file, mostBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    return failureOf(error);
  }
}

async function digestOf(file: FileHandle, mostBytes: number): Promise<DigestResult> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) return { outcome: 'not-a-file' };
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let length = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length);
    if (bytesRead === 0) break;
    length += bytesRead;
    if (length > mostBytes) return { outcome: 'too-large' };
    hash.update(chunk.subarray(0, bytesRead));
  }
  const version = versionOf(before);
  if (versionOf(await file.stat({ bigint: true })) !== version)
    return { outcome: 'failed', detail: 'it was written to while it was read' };
  return { outcome: 'read', sha256: hash.digest('hex'), version };
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** With the time of the last change of any kind, which nobody can set back as they can that of modification. */
function versionOf(entry: BigIntStats): string {
  return [identityOf(entry), entry.size, entry.mtimeNs, entry.ctimeNs].join(':');
}

function failureOf(
  error: unknown,
): { outcome: 'absent' } | { outcome: 'refused' } | { outcome: 'failed'; detail: string } {
  const outcome = absentOrRefused(error);
  return outcome === undefined ? { outcome: 'failed', detail: errorCode(error) ?? 'it cannot be read' } : { outcome };
}

function unreadable(error: unknown): FileResult {
  const outcome = absentOrRefused(error);
  return outcome === undefined ? { outcome: 'failed', detail: errorCode(error) ?? 'it is not a file' } : { outcome };
}

/** Whether an error says that a file or program is not there, or that this user may not have it. */
export function absentOrRefused(error: unknown): 'absent' | 'refused' | undefined {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
  if (code === 'EACCES' || code === 'EPERM') return 'refused';
  return undefined;
}

/** Undefined for a time that no calendar has: some file systems keep whatever number somebody gave them. */
function instantOf(milliseconds: number): number | undefined {
  return Math.abs(milliseconds) <= 8_640_000_000_000_000 ? Math.floor(milliseconds) : undefined;
}

async function orUndefined<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch {
    return undefined;
  }
}
