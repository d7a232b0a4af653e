import type { Kysely } from 'kysely';
import { createIndex, createTable, type StoreKind } from '../define-table.ts';

export async function people(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(db, kind, 'meta', { key: 'text', value: 'text' }, { key: ['key'], compact: true });
  await createTable(
    db,
    kind,
    'users',
    { id: 'text', name: 'text', email: 'text', roles: 'text', active: 'integer', created_at: 'integer' },
    { key: ['id'], unique: [['email']], checks: { active: 'active in (0, 1)' } },
  );
  await createTable(
    db,
    kind,
    'api_tokens',
    {
      id: 'text',
      hash: 'text',
      user_id: 'text',
      label: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      revoked_at: 'integer?',
    },
    { key: ['id'], unique: [['hash']], references: { user_id: 'users.id' } },
  );
  await createTable(
    db,
    kind,
    'sign_in_links',
    { hash: 'text', user_id: 'text', created_at: 'integer', expires_at: 'integer', used_at: 'integer?' },
    { key: ['hash'], references: { user_id: 'users.id' }, compact: true },
  );
  await createTable(
    db,
    kind,
    'sessions',
    { hash: 'text', user_id: 'text', created_at: 'integer', expires_at: 'integer', ended_at: 'integer?' },
    { key: ['hash'], references: { user_id: 'users.id' }, compact: true },
  );
  await createTable(
    db,
    kind,
    'gateways',
    {
      id: 'text',
      name: 'text',
      secret_hash: 'text',
      resources: 'text',
      created_at: 'integer',
      removed_at: 'integer?',
    },
    { key: ['id'] },
  );
  await createIndex(db, 'api_tokens', ['user_id']);
  await createIndex(db, 'sign_in_links', ['user_id']);
  await createIndex(db, 'sign_in_links', ['expires_at']);
  await createIndex(db, 'sessions', ['user_id']);
  await createIndex(db, 'sessions', ['expires_at']);
}
