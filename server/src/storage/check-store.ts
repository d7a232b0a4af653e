import { updateOne } from './change.ts';
import type { Store } from './store.ts';

/** Reads a row and writes it back, durably: a store that can only read is not well. */
export async function checkStore(store: Pick<Store, 'read' | 'commit'>): Promise<void> {
  const row = await store.read.selectFrom('meta').select('value').where('key', '=', 'chain_id').executeTakeFirst();
  if (row === undefined) throw new Error('the database holds no chain id: it was not set up by postern-server migrate');
  await store.commit({ changes: [updateOne('meta', { key: 'chain_id' }, { value: row.value })], audit: [] });
}
