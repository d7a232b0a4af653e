import type { Kysely } from 'kysely';
import { toTimestamp } from '@postern/shared/time';
import type { Database } from '../storage/database.ts';
import { type ChainRow, parseEntry } from './chain.ts';

/** An entry with all that stands beside it. */
export type StoredEntry = Required<ChainRow>;

/** Entries, with what people wrote. */
export function entries(read: Kysely<Database>) {
  return read
    .selectFrom('audit')
    .leftJoin('audit_texts', 'audit_texts.seq', 'audit.seq')
    .select([
      'audit.seq',
      'audit.at',
      'audit.type',
      'audit.actor_id',
      'audit.subject_id',
      'audit.entry',
      'audit.hash',
      'audit_texts.salt',
      'audit_texts.text',
    ]);
}

/** Shows what was hashed, not the columns that stand beside it for searching. */
export function view(row: ChainRow) {
  const entry = parseEntry(row.entry);
  return {
    seq: row.seq,
    at: toTimestamp(entry.at),
    type: entry.type,
    outcome: entry.outcome,
    actor: entry.actor,
    subject: entry.subject,
    data: entry.data,
    text: row.text ?? null,
    previousHash: entry.prev,
    hash: row.hash,
  };
}
