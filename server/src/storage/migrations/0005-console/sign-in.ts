import type { Kysely } from 'kysely';
import { addColumn, createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function signIn(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await addColumn(db, kind, 'sessions', 'method', 'text', "'sign-in-link'");
  await addColumn(db, kind, 'sessions', 'user_agent', 'text?');
  await addColumn(db, kind, 'sessions', 'remote_address', 'text?');
  await createTable(
    db,
    kind,
    'passwords',
    {
      person_id: 'text',
      hash: 'text',
      set_at: 'integer',
      must_change: 'integer',
      failures: 'integer',
      locked_until: 'integer',
    },
    { key: ['person_id'], references: { person_id: 'users.id' } },
  );
  await createTable(
    db,
    kind,
    'external_identities',
    {
      issuer: 'text',
      subject: 'text',
      person_id: 'text',
      email: 'text?',
      created_at: 'integer',
      used_at: 'integer',
    },
    { key: ['issuer', 'subject'], references: { person_id: 'users.id' } },
  );
  await createIndex(db, 'external_identities', ['person_id']);
  await createTable(
    db,
    kind,
    'sign_ins',
    {
      hash: 'text',
      kind: 'text',
      person_id: 'text?',
      provider: 'text?',
      sealed: 'text?',
      return_to: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
      used_at: 'integer?',
    },
    {
      key: ['hash'],
      references: { person_id: 'users.id' },
      checks: { kind: oneOf('kind', ['passkey', 'password', 'provider']) },
    },
  );
  await createIndex(db, 'sign_ins', ['expires_at']);
}
