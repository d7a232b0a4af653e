import type { ChainHead } from '../chain.ts';

/**
 * What is wrong with a log file; docs/audit.md says more of each.
 * - `altered`: a line is not to the byte what was written, or stands there once more.
 * - `missing`: an entry or a checkpoint is not in its place, and what was after it is there.
 * - `truncated`: the file ends before its end, or before an end that is known from elsewhere.
 * - `forked`: each entry is whole, but they are another history than the one that was signed or is known.
 * - `unsigned`: nothing is wrong with the chain, but no signature of the right key covers all of it: a rewrite would not show.
 * - `unreadable`: this is no audit log, or what it should be held against is none.
 */
export const logFaults = ['altered', 'missing', 'truncated', 'forked', 'unsigned', 'unreadable'] as const;
export type LogFault = (typeof logFaults)[number];

export type LogVerdict =
  | {
      outcome: 'intact';
      entries: number;
      head: ChainHead;
      checkpoints: number;
      /** So many entries are under a checkpoint. */
      signed: number;
      key: string;
      /** Whether that is the key that was asked for, or only the one that the file names: anybody can make that one. */
      keyFrom: 'given' | 'file';
    }
  | {
      outcome: LogFault;
      /** Number of the entry where it shows first; null where it is about none. */
      seq: number | null;
      /** Line of the file, counted from 1; null where it is about none. */
      line: number | null;
      /** A sentence. */
      why: string;
    };
