import type { Kysely } from 'kysely';
import { createTable, type StoreKind } from '../define-table.ts';

export async function checkpoints(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'audit_checkpoints',
    { size: 'integer', root: 'text', note: 'text', at: 'integer' },
    { key: ['size'], checks: { size: 'size >= 1' } },
  );
  // Full tiles of 256 hashes, as C2SP tlog-tiles has them.
  await createTable(
    db,
    kind,
    'audit_tiles',
    { level: 'integer', idx: 'integer', hashes: 'text' },
    { key: ['level', 'idx'], compact: true },
  );
}
