import { chmod, mkdir, readdir, realpath, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { checkOwner, hasModes, PrivateFileError, unwritten } from './private-file-error.ts';

/**
 * Makes a folder for its owner alone (0700), and refuses one that others may write to: whoever can replace a file in it
 * can replace the key.
 *
 * @throws PrivateFileError
 */
export async function privateFolder(path: string): Promise<void> {
  const made = await makeFolder(path).catch((error: unknown) => {
    throw unwritten(path, error);
  });
  // The umask may have narrowed the mode, never widened it; a folder we made is ours to set.
  if (made && hasModes) await chmod(path, 0o700);
  await checkPrivateFolder(path);
}

/** @throws PrivateFileError when the folder is absent, not ours or open to others */
export async function checkPrivateFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new PrivateFileError('absent', `${path} does not exist.`);
  if (!found.isDirectory()) throw new PrivateFileError('unsafe', `${path} is not a folder.`);
  checkOwner(path, found, 0o755);
}

/** Not mkdir's own `recursive`: on a file system that makes no folders (/proc, /sys) it tries for ever. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || (await stat(parent).catch(() => undefined)) !== undefined) throw error;
    await makeFolder(parent);
    await mkdir(path, { mode: 0o700 });
    return true;
  }
}

/**
 * Who owns a folder above, or may rename in it, can put another folder in the place of this one between two looks at
 * it. Not refused, because containers and shared checkouts are full of such folders, but worth saying.
 *
 * @returns a sentence; undefined when all of them belong to root or to this user, and are not everybody's to write
 */
export async function dangerAbove(path: string): Promise<string | undefined> {
  const self = process.geteuid?.();
  const real = await realpath(path).catch(() => undefined);
  if (!hasModes || self === undefined || real === undefined) return undefined;
  for (let child = real, folder = dirname(real); folder !== child; child = folder, folder = dirname(folder)) {
    const { uid, mode } = await stat(folder);
    // What all may write to must be sticky, as /tmp is: then only the owner of a folder may rename it.
    const isOpen = (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
    const whose = uid !== self && uid !== 0 ? `which belongs to user ${uid}` : 'which everybody may write to';
    if ((uid === self || uid === 0) && !isOpen) continue;
    return `${path} lies in ${folder}, ${whose}, so that others could exchange it for another folder.`;
  }
  return undefined;
}

/**
 * Removes what processes that were killed in the middle of writing left behind: it may hold a whole key. Files of living
 * processes stay; so does whatever has another name.
 */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /^[\w.]+\.(\d+)\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await unlink(join(folder, name)).catch(() => undefined);
  }
}

/** Whether a process of that number lives, whoever's it is. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
