import { type Kysely, sql } from 'kysely';
import { addColumn, createIndex, createTable, oneOf, type StoreKind } from './define-table.ts';

/**
 * Whom and what policies apply to (groups, ownership, tiers), their life (drafts, approvals, replays), what is known of
 * releases of systems, and the brake on collectors that go wrong. Words are spelt out, as in 0001.
 */
export async function up(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await addColumn(db, kind, 'users', 'groups', 'text', "'[]'");
  await addColumn(db, kind, 'devices', 'ownership', 'text', "'unknown'");
  await addColumn(db, kind, 'enrollment_tokens', 'ownership', 'text', "'unknown'");
  await addColumn(db, kind, 'enrollments', 'ownership', 'text', "'unknown'");
  await addColumn(db, kind, 'postures', 'flips', 'text', "'{}'");
  await addColumn(db, kind, 'postures', 'os_build', 'text?');
  await addColumn(db, kind, 'policies', 'drafted_by', 'text?');
  await addColumn(db, kind, 'policies', 'approved_by', 'text?');
  await addColumn(db, kind, 'policies', 'note', 'text?');
  // Before this version no document could say anything else.
  await addColumn(db, kind, 'policies', 'enforcement', 'text', "'enforce'");
  for (const table of ['sessions', 'api_tokens', 'sign_in_links']) {
    await addColumn(db, kind, table, 'authenticated_at', 'integer', '0');
    await sql`update ${sql.table(table)} set authenticated_at = created_at`.execute(db);
  }
  await createIndex(db, 'postures', ['os_build']);

  await createTable(
    db,
    kind,
    'resources',
    { name: 'text', title: 'text?', tier: 'text' },
    { key: ['name'], checks: { tier: oneOf('tier', ['low', 'medium', 'high', 'critical']) } },
  );
  await createTable(
    db,
    kind,
    'policy_drafts',
    {
      id: 'text',
      action: 'text',
      name: 'text?',
      document: 'text',
      document_hash: 'text',
      note: 'text?',
      state: 'text',
      base_version: 'integer',
      created_by: 'text',
      created_at: 'integer',
      authors: 'text',
      edited_by: 'text',
      edited_at: 'integer',
      submitted_at: 'integer?',
      decided_by: 'text?',
      decided_at: 'integer?',
      published_version: 'integer?',
      version: 'integer',
    },
    {
      key: ['id'],
      references: { created_by: 'users.id', edited_by: 'users.id', decided_by: 'users.id' },
      checks: {
        action: oneOf('action', ['publish', 'retire']),
        state: oneOf('state', ['draft', 'submitted', 'published', 'discarded']),
      },
    },
  );
  await createIndex(db, 'policy_drafts', ['state', 'edited_at']);
  await createTable(
    db,
    kind,
    'policy_replays',
    {
      id: 'text',
      policy: 'text',
      document_hash: 'text',
      started_by: 'text',
      started_at: 'integer',
      state: 'text',
      devices_total: 'integer',
      devices_done: 'integer',
      progress_at: 'integer',
      finished_at: 'integer?',
      summary: 'text?',
    },
    { key: ['id'], checks: { state: oneOf('state', ['running', 'done', 'failed', 'cancelled']) } },
  );
  await createIndex(db, 'policy_replays', ['started_at']);
  await createTable(
    db,
    kind,
    'policy_replay_devices',
    { replay_id: 'text', device_id: 'text', change: 'text', blocked_at: 'integer?', detail: 'text' },
    { key: ['replay_id', 'device_id'], references: { replay_id: 'policy_replays.id' } },
  );
  await createTable(
    db,
    kind,
    'release_feeds',
    {
      sequence: 'integer',
      issued_at: 'integer',
      document: 'text',
      key_id: 'text?',
      imported_by: 'text',
      imported_at: 'integer',
    },
    { key: ['sequence'] },
  );
  await createTable(
    db,
    kind,
    'check_flips',
    { check_id: 'text', platform: 'text', os_build: 'text', device_id: 'text', at: 'integer' },
    { key: ['check_id', 'platform', 'os_build', 'device_id', 'at'] },
  );
  await createIndex(db, 'check_flips', ['at']);
  await createTable(
    db,
    kind,
    'brakes',
    {
      id: 'text',
      check_id: 'text',
      platform: 'text',
      os_build: 'text',
      flips_since: 'integer',
      opened_at: 'integer',
      ends_at: 'integer',
      devices: 'integer',
      devices_of_build: 'integer',
      state: 'text',
      decided_by: 'text?',
      decided_at: 'integer?',
      reason: 'text?',
      version: 'integer',
    },
    { key: ['id'], checks: { state: oneOf('state', ['holding', 'released', 'expired']) } },
  );
  // One brake for a check and a build at a time, whichever node notices first.
  await sql`create unique index brakes_holding on brakes (check_id, platform, os_build) where state = 'holding'`.execute(
    db,
  );
  await createIndex(db, 'brakes', ['opened_at']);
}
