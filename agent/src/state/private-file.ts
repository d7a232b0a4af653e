import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, type FileHandle, link, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** `absent`; `unsafe`: others may have read or replaced it; `unreadable`: the system would not let us. */
export type PrivateFileFault = 'absent' | 'unsafe' | 'unreadable';

/** A file for its owner alone cannot be used. The message says why and how to repair it. */
export class PrivateFileError extends Error {
  override readonly name = 'PrivateFileError';
  readonly kind: PrivateFileFault;

  constructor(kind: PrivateFileFault, message: string) {
    super(message);
    this.kind = kind;
  }
}

const maxBytes = 4 * 1024 * 1024;
// Windows has no modes: there the folder's access list protects what the profile holds.
const hasModes = process.platform !== 'win32';

/**
 * Makes a folder for its owner alone (0700), and refuses one that others may write to: whoever can replace
 * a file in it can replace the key.
 *
 * @throws PrivateFileError
 */
export async function privateFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  // The umask may have narrowed the mode, never widened it; a folder we made is ours to set.
  if (made !== undefined && hasModes) await chmod(path, 0o700);
  await checkPrivateFolder(path);
}

/** @throws PrivateFileError when the folder is absent, not ours or open to others */
export async function checkPrivateFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new PrivateFileError('absent', `${path} does not exist.`);
  if (!found.isDirectory()) throw new PrivateFileError('unsafe', `${path} is not a folder.`);
  checkOwner(path, found, 0o755);
}

/**
 * Reads a private file whole. Follows no symbolic link, and checks the very file that it reads, not its name.
 *
 * @throws PrivateFileError when it is absent, when its mode is looser than 0600, or when it belongs to somebody else
 */
export async function readPrivateFile(path: string): Promise<string> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    throw unopened(path, error);
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new PrivateFileError('unsafe', `${path} is not a plain file.`);
    checkOwner(path, found, 0o600);
    if (found.size > maxBytes)
      throw new PrivateFileError('unreadable', `${path} is larger than this program ever writes it.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Puts the text in place of what was there, whole or not at all, also when the power fails in between. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text);
  await renameOrRemove(temporary, path);
}

/**
 * Makes a new private file, whole or not at all.
 *
 * @throws the error EEXIST of link(2) when there is one already: nothing is ever replaced
 */
export async function writeNewPrivateFile(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text);
  try {
    // Unlike rename, link refuses an existing name; and unlike O_EXCL on the name itself, nobody sees half a file.
    await link(temporary, path);
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dirname(path));
}

async function renameOrRemove(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  return temporary;
}

async function syncFolder(path: string): Promise<void> {
  if (!hasModes) return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function checkOwner(path: string, found: { uid: number; mode: number }, loosest: number): void {
  if (!hasModes) return;
  const self = process.geteuid?.();
  if (self !== undefined && found.uid !== self) {
    throw new PrivateFileError(
      'unsafe',
      `${path} belongs to user ${found.uid}, and this is user ${self}. Run the agent as the user who enrolled the device.`,
    );
  }
  const mode = found.mode & 0o777;
  if ((mode & ~loosest) !== 0) {
    const repair = `chmod ${loosest.toString(8)} '${path}'`;
    throw new PrivateFileError(
      'unsafe',
      `Others may use ${path} (mode ${mode.toString(8).padStart(4, '0')}). If nobody else did: ${repair}. Otherwise start over: postern-agent forget --yes, then enroll.`,
    );
  }
}

function unopened(path: string, error: unknown): PrivateFileError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new PrivateFileError('absent', `${path} does not exist.`);
  if (code === 'ELOOP') return new PrivateFileError('unsafe', `${path} is a symbolic link. Put the file itself there.`);
  return new PrivateFileError('unreadable', `${path} could not be opened (${String(code ?? error)}).`);
}
