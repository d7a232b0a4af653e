import type { Kysely } from 'kysely';
import { addColumn, type StoreKind } from '../define-table.ts';

export async function tokens(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await addColumn(db, kind, 'signing_keys', 'use', 'text', "'access-token'");
  await addColumn(db, kind, 'device_codes', 'device_id', 'text?');
  await addColumn(db, kind, 'device_codes', 'resource', 'text?');
  await addColumn(db, kind, 'device_codes', 'authenticated_at', 'integer?');
  await addColumn(db, kind, 'access_tokens', 'for_person', 'integer', '0');
}
