import type { Kysely } from 'kysely';
import { createTable, type StoreKind } from '../define-table.ts';

export async function views(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'saved_views',
    { id: 'text', person_id: 'text', screen: 'text', name: 'text', query: 'text', created_at: 'integer' },
    { key: ['id'], references: { person_id: 'users.id' }, unique: [['person_id', 'screen', 'name']] },
  );
}
