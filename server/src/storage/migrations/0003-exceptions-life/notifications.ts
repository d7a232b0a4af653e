import { type Kysely, sql } from 'kysely';
import { addColumn, createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function notifications(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await addColumn(db, kind, 'users', 'notify', 'text', "'{}'");
  await createTable(
    db,
    kind,
    'webhooks',
    {
      id: 'text',
      label: 'text',
      url: 'text',
      format: 'text',
      events: 'text',
      secrets: 'text',
      created_by: 'text',
      created_at: 'integer',
      disabled_at: 'integer?',
      disabled_reason: 'text?',
      removed_at: 'integer?',
      version: 'integer',
    },
    {
      key: ['id'],
      references: { created_by: 'users.id' },
      checks: { format: oneOf('format', ['standard', 'slack']) },
    },
  );
  await createTable(
    db,
    kind,
    'deliveries',
    {
      id: 'text',
      event_id: 'text',
      type: 'text',
      channel: 'text',
      target: 'text',
      body: 'text',
      state: 'text',
      attempts: 'integer',
      created_at: 'integer',
      next_at: 'integer',
      claimed_until: 'integer',
      done_at: 'integer?',
      status: 'integer?',
      error: 'text?',
    },
    {
      key: ['id'],
      // The same event goes to the same place once, whichever node comes first.
      unique: [['event_id', 'channel', 'target']],
      checks: {
        channel: oneOf('channel', ['webhook', 'email']),
        state: oneOf('state', ['waiting', 'done', 'failed']),
      },
    },
  );
  await sql`create index deliveries_due on deliveries (next_at) where state = 'waiting'`.execute(db);
  await createIndex(db, 'deliveries', ['target', 'created_at']);
  await createTable(
    db,
    kind,
    'notices',
    {
      id: 'text',
      event_id: 'text',
      person_id: 'text',
      at: 'integer',
      type: 'text',
      subject_id: 'text?',
      body: 'text',
      read_at: 'integer?',
    },
    { key: ['id'], references: { person_id: 'users.id' }, unique: [['event_id', 'person_id']] },
  );
  await createIndex(db, 'notices', ['person_id', 'at']);
}
