import type { Clock, Instant } from '@postern/shared/time';
import type { Platform } from '@postern/shared/checks/define';

/** What became of a command. A tool that is absent, refused or silent is not a tool that said no. */
export type CommandResult =
  | { outcome: 'exited'; code: number; stdout: string; stderr: string }
  | { outcome: 'absent' }
  | { outcome: 'refused' }
  | { outcome: 'timed-out' }
  | { outcome: 'too-much-output' };

export type FileResult =
  | { outcome: 'read'; text: string }
  | { outcome: 'absent' }
  | { outcome: 'refused' }
  | { outcome: 'failed'; detail: string };

export type LinkResult = { outcome: 'read'; target: string } | { outcome: 'absent' } | { outcome: 'refused' };

/** What stands at a path. */
export type EntryResult =
  | {
      outcome: 'found';
      kind: 'file' | 'folder' | 'other';
      sizeBytes: number;
      /** Of the file itself: two paths with one identity lead to the same file. */
      identity: string;
      /** Another one after every change, also after one that sets the time of modification back. */
      version: string;
    }
  | { outcome: 'absent' }
  | { outcome: 'refused' }
  | { outcome: 'failed'; detail: string };

export type DigestResult =
  /** `version` as inspect() tells it, of the very file that was read. */
  | { outcome: 'read'; sha256: string; version: string }
  | { outcome: 'absent' }
  | { outcome: 'refused' }
  | { outcome: 'not-a-file' }
  | { outcome: 'too-large' }
  | { outcome: 'failed'; detail: string };

export interface CommandOptions {
  /** Default 3000. The process and its children are killed at the deadline. */
  deadlineMs?: number;
  /** Default 256 KiB for stdout and stderr together. */
  maxBytes?: number;
  /** Once aborted it is killed, and counts as timed out. */
  signal?: AbortSignal;
  /** Standard input. What somebody else wrote goes in here, and never into a script. Without it, the input is empty. */
  input?: string;
}

/**
 * All that collectors may touch of the machine. Real on a device (real-system.ts), recorded in tests.
 * Read only, without a shell, each call bounded in time and size.
 */
export interface System {
  readonly platform: Platform;
  readonly clock: Clock;
  /** Effective user id; 0 is root. -1 on Windows. */
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** UTF-8 text of a file, at most 1 MiB (larger: failed). */
  readFile(path: string): Promise<FileResult>;
  /** Bytes of a file (e.g. an EFI variable), at most 64 KiB. */
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** Names in a folder, sorted; undefined when it is absent or not readable. */
  list(path: string): Promise<string[] | undefined>;
  /** Target of a symbolic link, resolved to an absolute real path; undefined when there is none. */
  realPath(path: string): Promise<string | undefined>;
  /** What a symbolic link says, not followed: `/proc/1/exe`. */
  readLink(path: string): Promise<LinkResult>;
  /** What stands at a path, links followed. Opens nothing. */
  inspect(path: string): Promise<EntryResult>;
  /**
   * SHA-256 of a regular file, in hexadecimal; nothing else is ever opened. Refused where not everybody on this machine
   * may read or reach it, whatever this user may (Windows does not say): what is in a short file is one guess away from
   * its hash.
   */
  digest(path: string, mostBytes: number): Promise<DigestResult>;
  /** Last modification, or undefined when it is absent or not readable. */
  modifiedAt(path: string): Promise<Instant | undefined>;
  /** Size and free space for unprivileged users of the file system that holds the path. */
  diskSpace(path: string): Promise<{ sizeBytes: number; freeBytes: number } | undefined>;
  /** Seconds since the machine started. */
  uptimeSeconds(): number;
  /** `program` is an absolute path, never looked up on PATH; arguments are an array; the environment is minimal and its locale is C. */
  run(program: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}
