import type { Kysely } from 'kysely';
import { hotTables } from './0004-tokens-and-signals/hot-tables.ts';
import { signals } from './0004-tokens-and-signals/signals.ts';
import { tokens } from './0004-tokens-and-signals/tokens.ts';
import type { StoreKind } from './define-table.ts';

/** Tokens for people, keys for signals, streams of signals and what is known of each device's trust. Words are spelt out, as in 0001. */
export async function up(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await tokens(db, kind);
  await signals(db, kind);
  await hotTables(db);
}
