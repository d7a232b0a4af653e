import { readFile } from 'node:fs/promises';

/** A file that was named on the command line could not be read or written; the message says which, and why. */
class NamedFileError extends Error {
  override readonly name = 'NamedFileError';
}

/** The text of a file that was named on the command line. Throws an error that names it, and why it cannot be read. */
export async function readNamedFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new NamedFileError(`${file} cannot be read: ${reasonOf(cause)}`);
  }
}

/** Why a file that was named cannot be written, in words. */
export function unwritable(file: string, cause: unknown): Error {
  return new NamedFileError(`${file} cannot be written: ${reasonOf(cause)}`);
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'there is no such file or folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'this user may not'],
  ['EPERM', 'this user may not'],
  ['EROFS', 'the disk is read-only'],
  ['ENOSPC', 'the disk is full'],
]);

/** What the system said of a file, in words. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return reasons.get(code) ?? `the system says ${typeof code === 'string' ? code : 'nothing more'}`;
}
