import { errorCode } from '../error-code.ts';
/** `absent`; `unsafe`: others may have read or replaced it; `unreadable`, `unwritable`: the system would not let us. */
export type PrivateFileFault = 'absent' | 'unsafe' | 'unreadable' | 'unwritable';

/** A file for its owner alone cannot be used. The message says why and how to repair it. */
export class PrivateFileError extends Error {
  override readonly name = 'PrivateFileError';
  readonly kind: PrivateFileFault;

  constructor(kind: PrivateFileFault, message: string) {
    super(message);
    this.kind = kind;
  }
}

// Windows has no modes: there the folder's access list protects what the profile holds.
export const hasModes = process.platform !== 'win32';

/** @throws PrivateFileError when it belongs to somebody else, or its mode is looser than `loosest` */
export function checkOwner(path: string, found: { uid: number; mode: number }, loosest: number): void {
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

const writeFaults: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota of this user is used up',
  ENOTDIR: 'a part of the path is a file',
};

/** Why something could not be written, for people. @throws the error when it does not come from the system */
export function unwritten(path: string, error: unknown): PrivateFileError {
  if (error instanceof PrivateFileError) return error;
  const code = errorCode(error);
  // What does not come from the system is a fault of the program.
  if (code === undefined) throw error;
  return new PrivateFileError(
    'unwritable',
    `${path} could not be written: ${writeFaults[code] ?? code}. Make room for it there, or choose another folder with POSTERN_AGENT_DATA.`,
  );
}
