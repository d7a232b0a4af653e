import { type Kysely, sql } from 'kysely';
import { createIndex, createTable, type StoreKind } from '../define-table.ts';

export async function audit(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'audit',
    {
      seq: 'integer',
      at: 'integer',
      type: 'text',
      actor_id: 'text?',
      subject_id: 'text?',
      entry: 'text',
      hash: 'text',
    },
    { key: ['seq'], checks: { seq: 'seq >= 1' } },
  );
  await createTable(
    db,
    kind,
    'audit_texts',
    { seq: 'integer', salt: 'text', text: 'text' },
    { key: ['seq'], references: { seq: 'audit.seq' } },
  );
  await createIndex(db, 'audit', ['at']);
  await createIndex(db, 'audit', ['type', 'seq']);
  await sql`create index audit_subject_id on audit (subject_id, seq) where subject_id is not null`.execute(db);
  await sql`create index audit_actor_id on audit (actor_id, seq) where actor_id is not null`.execute(db);
}
