import assert from 'node:assert/strict';
import { insert } from '@postern/server/storage/change';
import { cleanUp } from '@postern/server/tokens/clean-up';
import { onBothStores } from './both-stores.ts';

const now = 1_760_000_000_000;
const config = { keepAccessLogMs: 0 };

onBothStores(
  'of more replays than are looked at together, those that expired go and the others stay',
  async (_t, { open }) => {
    const store = await open();
    const replays = Array.from({ length: 9000 }, (_, index) =>
      insert('replays', {
        key: `${index % 3 === 0 ? 'new' : 'old'}-${index}`,
        expires_at: now + (index % 3 === 0 ? 1 : 0),
      }),
    );
    for (let at = 0; at < replays.length; at += 1000)
      await store.commit({ changes: replays.slice(at, at + 1000), audit: [] });
    await cleanUp({ store, config }, now);
    const left = await store.read.selectFrom('replays').select('key').execute();
    assert.equal(left.length, 3000);
    assert.ok(left.every(({ key }) => key.startsWith('new-')));
    // What is left counts as used all the same.
    await assert.rejects(store.commit({ changes: replays.slice(0, 1), audit: [] }), { name: 'ConflictError' });
  },
);

onBothStores('where there is nothing to forget, nothing is', async (_t, { open }) => {
  const store = await open();
  assert.equal(await cleanUp({ store, config }, now), 1);
});
