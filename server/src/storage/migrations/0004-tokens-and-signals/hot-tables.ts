import type { Kysely } from 'kysely';
import type { StoreKind } from '../define-table.ts';

/** Tables that every token writes to. */
export async function hotTables(_db: Kysely<unknown>, _kind: StoreKind): Promise<void> {}
