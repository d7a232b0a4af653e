import type { Kysely } from 'kysely';
import { createIndex, createTable, type StoreKind } from '../define-table.ts';

export async function tokens(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'signing_keys',
    {
      kid: 'text',
      alg: 'text',
      public_jwk: 'text',
      private_jwe: 'text',
      created_at: 'integer',
      signs_from: 'integer',
      signs_until: 'integer?',
      removed_at: 'integer?',
    },
    { key: ['kid'] },
  );
  await createTable(
    db,
    kind,
    'access_tokens',
    {
      id: 'text',
      device_id: 'text',
      person_id: 'text',
      resource: 'text',
      scope: 'text?',
      issued_at: 'integer',
      expires_at: 'integer',
      exceptions: 'text',
      revoked_at: 'integer?',
    },
    { key: ['id'] },
  );
  await createTable(db, kind, 'replays', { key: 'text', expires_at: 'integer' }, { key: ['key'], compact: true });
  await createIndex(db, 'access_tokens', ['device_id']);
  await createIndex(db, 'access_tokens', ['expires_at']);
  await createIndex(db, 'replays', ['expires_at']);
}
