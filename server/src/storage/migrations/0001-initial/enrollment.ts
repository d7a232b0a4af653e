import { type Kysely, sql } from 'kysely';
import { createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function enrollment(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'enrollment_tokens',
    {
      id: 'text',
      hash: 'text',
      owner_id: 'text',
      uses_left: 'integer',
      pending: 'integer',
      created_by: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      revoked_at: 'integer?',
    },
    {
      key: ['id'],
      unique: [['hash']],
      references: { owner_id: 'users.id' },
      checks: { uses_left: 'uses_left >= 0', pending: 'pending in (0, 1)' },
    },
  );
  await createTable(
    db,
    kind,
    'device_codes',
    {
      hash: 'text',
      user_code: 'text',
      device_name: 'text?',
      remote_address: 'text?',
      state: 'text',
      owner_id: 'text?',
      interval_seconds: 'integer',
      polled_at: 'integer?',
      created_at: 'integer',
      expires_at: 'integer',
    },
    {
      key: ['hash'],
      references: { owner_id: 'users.id' },
      checks: { state: oneOf('state', ['pending', 'approved', 'denied', 'used']) },
    },
  );
  await createTable(
    db,
    kind,
    'enrollments',
    {
      id: 'text',
      challenge: 'text',
      jwk: 'text',
      jkt: 'text',
      provider: 'text',
      name: 'text',
      platform: 'text',
      agent_version: 'text',
      owner_id: 'text',
      pending: 'integer',
      enrollment_token_id: 'text?',
      device_code_hash: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
      finished_at: 'integer?',
    },
    {
      key: ['id'],
      references: { owner_id: 'users.id', enrollment_token_id: 'enrollment_tokens.id' },
      checks: { pending: 'pending in (0, 1)' },
    },
  );
  await createIndex(db, 'enrollment_tokens', ['owner_id']);
  // A user code is short: it may come again, but never stand for two requests that wait.
  await sql`create unique index device_codes_user_code_pending on device_codes (user_code) where state = 'pending'`.execute(
    db,
  );
  await createIndex(db, 'device_codes', ['expires_at']);
  await createIndex(db, 'enrollments', ['expires_at']);
}
