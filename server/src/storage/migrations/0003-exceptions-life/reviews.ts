import { type Kysely, sql } from 'kysely';
import { createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function reviews(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'reviews',
    {
      id: 'text',
      kind: 'text',
      subject_id: 'text',
      person_id: 'text?',
      reason: 'text',
      reviewers: 'text',
      opened_at: 'integer',
      due_at: 'integer',
      overdue_at: 'integer?',
      decided_at: 'integer?',
      decided_by: 'text?',
      verdict: 'text?',
      note: 'text?',
    },
    {
      key: ['id'],
      references: { person_id: 'users.id', decided_by: 'users.id' },
      checks: { kind: oneOf('kind', ['emergency', 'exception', 'rule']) },
    },
  );
  // One open review of a thing at a time, whichever node notices first.
  await sql`create unique index reviews_open on reviews (kind, subject_id) where decided_at is null`.execute(db);
  await createIndex(db, 'reviews', ['due_at']);
  await createIndex(db, 'reviews', ['person_id', 'kind']);
  await createTable(
    db,
    kind,
    'abuse_flags',
    {
      kind: 'text',
      subject: 'text',
      opened_at: 'integer',
      seen_at: 'integer',
      closed_at: 'integer?',
      sentence: 'text',
      data: 'text',
    },
    { key: ['kind', 'subject', 'opened_at'] },
  );
  await sql`create unique index abuse_flags_open on abuse_flags (kind, subject) where closed_at is null`.execute(db);
}
