import type { Kysely } from 'kysely';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Database } from '../storage/database.ts';
import { type ChainRow, parseEntry } from './chain.ts';

export interface AuditFilter {
  type?: string | undefined;
  subject?: string | undefined;
  actor?: string | undefined;
  outcome?: 'success' | 'failure' | undefined;
  /** From then on. */
  from?: Instant | undefined;
  /** Until then, exclusive. */
  to?: Instant | undefined;
}

/** One page of entries, newest first. `before` is the sequence number where the page before ended. */
export async function readAuditPage(
  read: Kysely<Database>,
  filter: AuditFilter,
  page: { before: number | undefined; limit: number },
) {
  let query = matching(read, filter)
    .orderBy('audit.seq', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('audit.seq', '<', page.before);
  const rows = await query.execute();
  const items = rows.slice(0, page.limit).map(view);
  const last = items.at(-1);
  return { items, next: rows.length > page.limit && last !== undefined ? String(last.seq) : null };
}

/** Entries that match, in order, up to `through`, with what stands beside them. Reads in portions. */
export async function* readMatching(
  read: Kysely<Database>,
  filter: AuditFilter,
  through: number,
  portion = 1000,
): AsyncGenerator<StoredEntry> {
  for (let after = 0; ;) {
    const rows = await matching(read, filter)
      .where('audit.seq', '>', after)
      .where('audit.seq', '<=', through)
      .orderBy('audit.seq')
      .limit(portion)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < portion) return;
    after = last.seq;
  }
}

/** How many entries match, up to `through`. */
export async function countMatching(read: Kysely<Database>, filter: AuditFilter, through: number): Promise<number> {
  const { count } = await matching(read, filter)
    .where('audit.seq', '<=', through)
    .clearSelect()
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The entries after that one, in order. */
export function readEntries(read: Kysely<Database>, after: number, limit: number): Promise<StoredEntry[]> {
  return entries(read).where('audit.seq', '>', after).orderBy('audit.seq').limit(limit).execute();
}

/** The whole chain in order, with what stands beside it, for verifyChain. Reads in portions. */
export async function* readChain(read: Kysely<Database>, portion = 1000): AsyncGenerator<StoredEntry> {
  for (let after = 0; ;) {
    const rows = await readEntries(read, after, portion);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < portion) return;
    after = last.seq;
  }
}

/** An entry with all that stands beside it. */
export type StoredEntry = Required<ChainRow>;

function matching(read: Kysely<Database>, { type, subject, actor, outcome, from, to }: AuditFilter) {
  let query = entries(read);
  if (type !== undefined) query = query.where('audit.type', '=', type);
  if (subject !== undefined) query = query.where('audit.subject_id', '=', subject);
  if (actor !== undefined) query = query.where('audit.actor_id', '=', actor);
  if (from !== undefined) query = query.where('audit.at', '>=', from);
  if (to !== undefined) query = query.where('audit.at', '<', to);
  // The outcome has no column. In canonical JSON it stands right before `prev`, and no text can look so: quotation marks
  // within a text are escaped, and no data has these two names side by side.
  if (outcome !== undefined) query = query.where('audit.entry', 'like', `%,"outcome":"${outcome}","prev":"%`);
  return query;
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
