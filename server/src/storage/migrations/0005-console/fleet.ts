import { type Kysely } from 'kysely';
import { addColumn, createIndex, createTable, type StoreKind } from '../define-table.ts';

export async function fleet(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await addColumn(db, kind, 'device_trust', 'posture', 'text?');
  await createIndex(db, 'device_trust', ['posture', 'device_id']);
  await createIndex(db, 'devices', ['state', 'id']);
  await createTable(
    db,
    kind,
    'fleet_days',
    { day: 'integer', posture: 'text', devices: 'integer' },
    { key: ['day', 'posture'] },
  );
}
