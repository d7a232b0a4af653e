import { sha256 } from '@postern/shared/digest';
import type { ChainHead } from '../chain.ts';

/** Says what a file is, and in which form. */
export const logFormat = 'postern-audit-1';

/** What the first line says. */
export interface LogHeader {
  format: typeof logFormat;
  /** Id of the chain. */
  chain: string;
  /** The key that signs its checkpoints, as C2SP signed-note writes it. */
  key: string;
  /** The last entry in the file. */
  head: ChainHead;
}

/** What a line after the first holds. The order of members is part of the form. */
export interface EntryLine {
  /** The canonical entry, as it was hashed. */
  entry: string;
  hash: string;
  /** What a person wrote, with its salt; both null where there is none, it was erased or left out. */
  salt: string | null;
  text: string | null;
}

/** The last line. */
export interface LogEnd {
  entries: number;
  checkpoints: number;
}

export function headerLine(log: LogHeader): string {
  return `${JSON.stringify({ log, digest: sha256(JSON.stringify(log)) })}\n`;
}

export function entryLine({ entry, hash, salt, text }: EntryLine): string {
  return `${JSON.stringify({ entry, hash, salt, text })}\n`;
}

/** @param checkpoint the signed note */
export function checkpointLine(checkpoint: string): string {
  return `${JSON.stringify({ checkpoint })}\n`;
}

export function endLine(end: LogEnd): string {
  return `${JSON.stringify({ end, digest: sha256(JSON.stringify(end)) })}\n`;
}
