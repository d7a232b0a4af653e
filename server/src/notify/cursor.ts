import type { Deps } from '../deps.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';

/** How far something was followed; undefined when that has not begun. */
export async function readCursor({ store }: Pick<Deps, 'store'>, key: string): Promise<number | undefined> {
  const row = await store.read.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row === undefined ? undefined : Number(row.value);
}

/** What was there before anybody was told of anything is not news. */
export async function begin({ store }: Pick<Deps, 'store'>, key: string, at: number): Promise<void> {
  await unlessTaken(store.commit({ changes: [insert('meta', { key, value: String(at) })], audit: [] }));
}

/** Moves the cursor, with all that was made on the way. When another node did it first, nothing of it is written. */
export async function move(
  { store }: Pick<Deps, 'store'>,
  key: string,
  { from, to }: { from: number; to: number },
  changes: readonly Change[],
): Promise<void> {
  const guard = updateOne('meta', { key, value: String(from) }, { value: String(to) });
  await unlessTaken(store.commit({ changes: [guard, ...changes], audit: [] }));
}

async function unlessTaken(written: Promise<void>): Promise<void> {
  try {
    await written;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
