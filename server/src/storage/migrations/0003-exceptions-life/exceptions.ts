import { type Kysely, sql } from 'kysely';
import { addColumn, createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function exceptions(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await addColumn(db, kind, 'users', 'manager_id', 'text?');
  await addColumn(db, kind, 'resources', 'access', 'text?');
  await addColumn(db, kind, 'access_tokens', 'grant_id', 'text?');
  await addColumn(db, kind, 'exceptions', 'role', 'text?');
  await addColumn(db, kind, 'exceptions', 'template', 'text?');
  await addColumn(db, kind, 'exceptions', 'template_version', 'integer?');
  await addColumn(db, kind, 'exceptions', 'reason_code', 'text?');
  await addColumn(db, kind, 'exceptions', 'set_id', 'text?');
  await addColumn(db, kind, 'exceptions', 'emergency', 'integer', '0');
  await addColumn(db, kind, 'exceptions', 'starts_at', 'integer?');
  await addColumn(db, kind, 'exceptions', 'begins_at', 'integer?');
  await addColumn(db, kind, 'exceptions', 'plan', 'text', "'{}'");
  await addColumn(db, kind, 'exceptions', 'requested_authn', 'text?');
  await addColumn(db, kind, 'exceptions', 'reminded_ms', 'integer?');
  await addColumn(db, kind, 'exception_decisions', 'authn', 'text?');
  await addColumn(db, kind, 'exception_decisions', 'channel', 'text', "'api'");
  // What was approved before began with its approval.
  await sql`update exceptions set begins_at = approved_at`.execute(db);
  await createIndex(db, 'exceptions', ['set_id']);
  await createIndex(db, 'exceptions', ['state', 'expires_at']);
  await createIndex(db, 'exceptions', ['kind', 'requested_at']);
  await createIndex(db, 'access_tokens', ['grant_id']);

  await createTable(
    db,
    kind,
    'exception_templates',
    {
      name: 'text',
      version: 'integer',
      kind: 'text',
      title: 'text',
      document: 'text',
      current: 'integer',
      proposed_by: 'text?',
      approved_by: 'text?',
      published_at: 'integer',
    },
    { key: ['name', 'version'], checks: { current: 'current in (0, 1)', kind: oneOf('kind', ['device', 'access']) } },
  );
  await sql`create unique index exception_templates_current on exception_templates (name) where current = 1`.execute(
    db,
  );
  await createTable(
    db,
    kind,
    'template_proposals',
    {
      id: 'text',
      action: 'text',
      name: 'text',
      document: 'text',
      note: 'text?',
      state: 'text',
      base_version: 'integer',
      proposed_by: 'text',
      proposed_at: 'integer',
      decided_by: 'text?',
      decided_at: 'integer?',
      version: 'integer',
    },
    {
      key: ['id'],
      references: { proposed_by: 'users.id', decided_by: 'users.id' },
      checks: {
        action: oneOf('action', ['publish', 'retire']),
        state: oneOf('state', ['proposed', 'published', 'discarded']),
      },
    },
  );
  await createIndex(db, 'template_proposals', ['state', 'proposed_at']);
  // Who looked at what was asked before they decided.
  await createTable(
    db,
    kind,
    'exception_views',
    { exception_id: 'text', person_id: 'text', at: 'integer' },
    {
      key: ['exception_id', 'person_id'],
      references: { exception_id: 'exceptions.id', person_id: 'users.id' },
      compact: true,
    },
  );
}
