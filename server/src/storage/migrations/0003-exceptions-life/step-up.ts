import type { Kysely } from 'kysely';
import { createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function stepUp(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'passkeys',
    {
      id: 'text',
      person_id: 'text',
      label: 'text',
      public_key: 'text',
      counter: 'integer',
      transports: 'text',
      backed_up: 'integer',
      created_at: 'integer',
      used_at: 'integer?',
      removed_at: 'integer?',
    },
    { key: ['id'], references: { person_id: 'users.id' } },
  );
  await createIndex(db, 'passkeys', ['person_id']);
  await createTable(
    db,
    kind,
    'authenticator_apps',
    {
      person_id: 'text',
      secret: 'text',
      confirmed_at: 'integer?',
      last_step: 'integer',
      failures: 'integer',
      locked_until: 'integer',
      created_at: 'integer',
    },
    { key: ['person_id'], references: { person_id: 'users.id' } },
  );
  await createTable(
    db,
    kind,
    'step_ups',
    {
      id: 'text',
      person_id: 'text',
      purpose: 'text',
      subject: 'text',
      challenge: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      used_at: 'integer?',
    },
    {
      key: ['id'],
      references: { person_id: 'users.id' },
      checks: { purpose: oneOf('purpose', ['add-passkey', 'request', 'decide', 'manage']) },
    },
  );
  await createIndex(db, 'step_ups', ['expires_at']);
}
