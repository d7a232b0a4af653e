import type { Kysely } from 'kysely';
import { toTimestamp } from '@postern/shared/time';
import type { Database } from '../storage/database.ts';
import { type ChainRow, parseEntry } from './chain.ts';

export interface AuditFilter {
  type?: string | undefined;
  subject?: string | undefined;
  actor?: string | undefined;
}

/** One page of entries, newest first. `before` is the sequence number where the page before ended. */
export async function readAuditPage(
  read: Kysely<Database>,
  { type, subject, actor }: AuditFilter,
  page: { before: number | undefined; limit: number },
) {
  let query = entries(read)
    .orderBy('audit.seq', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('audit.seq', '<', page.before);
  if (type !== undefined) query = query.where('audit.type', '=', type);
  if (subject !== undefined) query = query.where('audit.subject_id', '=', subject);
  if (actor !== undefined) query = query.where('audit.actor_id', '=', actor);
  const rows = await query.execute();
  const items = rows.slice(0, page.limit).map(view);
  const last = items.at(-1);
  return { items, next: rows.length > page.limit && last !== undefined ? String(last.seq) : null };
}

/** The whole chain in order, with what stands beside it, for verifyChain. Reads in portions. */
export async function* readChain(read: Kysely<Database>, portion = 1000): AsyncGenerator<ChainRow> {
  for (let after = 0; ;) {
    const rows = await entries(read).where('audit.seq', '>', after).orderBy('audit.seq').limit(portion).execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < portion) return;
    after = last.seq;
  }
}

function entries(read: Kysely<Database>) {
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
function view(row: ChainRow) {
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
