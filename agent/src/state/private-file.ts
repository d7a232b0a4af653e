import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../error-code.ts';
import { checkOwner, hasModes, PrivateFileError, unwritten } from './private-file-error.ts';

const maxBytes = 4 * 1024 * 1024;
/**
 * Reads a private file whole. Follows no symbolic link, and checks the very file that it reads, not its name.
 *
 * @throws PrivateFileError when it is absent, when its mode is looser than 0600, or when it belongs to somebody else
 */
export async function readPrivateFile(path: string): Promise<string> {
  let file: FileHandle;
  try {
    // Not blocking: a pipe in the file's place would keep us waiting for ever.
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
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

/**
 * Puts the text in place of what was there, whole or not at all, also when the power fails in between.
 *
 * @throws PrivateFileError
 */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  // What could not be read again must never replace what can.
  if (Buffer.byteLength(text) > maxBytes)
    throw new PrivateFileError('unwritable', `${path} would become larger than this program reads it.`);
  const temporary = await writeTemporary(path, text);
  try {
    await renameOrRemove(temporary, path);
  } catch (error) {
    throw unwritten(path, error);
  }
}

/**
 * Makes a new private file, whole or not at all.
 *
 * @throws the error EEXIST of link(2) when there is one already: nothing is ever replaced
 * @throws PrivateFileError when it cannot be written
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
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw unwritten(path, error);
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

function unopened(path: string, error: unknown): PrivateFileError {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new PrivateFileError('absent', `${path} does not exist.`);
  if (code === 'ELOOP') return new PrivateFileError('unsafe', `${path} is a symbolic link. Put the file itself there.`);
  return new PrivateFileError('unreadable', `${path} could not be opened (${code ?? String(error)}).`);
}
