import type { Json } from '@postern/shared/canonical';
import type { AuditEntry } from '../chain.ts';

/** What an entry is exported from: the entry that was hashed, its hash, and what a person wrote where it is to be shown. */
export interface Exported {
  entry: AuditEntry;
  hash: string;
  text: string | null;
}

/** Which log the entries are from. */
export interface ExportedLog {
  chainId: string;
  /** Name of the key that signs its checkpoints. */
  origin: string;
  /** Version of Postern. */
  version: string;
  /** Tells this export from others of the same log: what was asked for, and up to where. */
  scope: string;
}

export interface Format {
  mediaType: string;
  extension: string;
  /** What stands before the first entry. */
  head: string;
  /** Makes lines of entries, each with its line end, in the order of the entries. */
  writer(log: ExportedLog): (exported: Exported) => string;
}

/** A member of an entry's data, where it is text. */
export function textIn(data: AuditEntry['data'], name: string): string | undefined {
  const value: Json | undefined = Object.hasOwn(data, name) ? data[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** 0 to 10, as CEF counts: what somebody should look at stands out. */
export function severityOf({ type, outcome }: AuditEntry): number {
  if (grave.has(type)) return 8;
  if (type.startsWith('emergency.') || type.startsWith('abuse.') || type.startsWith('incident.')) return 7;
  if (outcome === 'failure') return 5;
  return 3;
}

const grave = new Set([
  'device.quarantined',
  'exception.voided',
  'emergency.repudiated',
  'review.overdue',
  'emergency.review-overdue',
  'backup.restored',
]);
