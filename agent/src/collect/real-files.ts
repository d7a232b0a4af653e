import { constants } from 'node:fs';
import { open, readdir, realpath, stat, statfs } from 'node:fs/promises';
import type { FileResult, System } from './system.ts';

const mostText = 1024 * 1024;
const mostBytes = 64 * 1024;

type Files = Pick<System, 'readFile' | 'readBytes' | 'list' | 'realPath' | 'modifiedAt' | 'diskSpace'>;

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
  modifiedAt: (path) => orUndefined(stat(path).then((entry) => Math.floor(entry.mtimeMs))),
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

/** The `code` of an error of the operating system, e.g. `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

async function orUndefined<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch {
    return undefined;
  }
}
