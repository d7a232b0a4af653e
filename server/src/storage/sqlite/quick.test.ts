import test from 'node:test';
import assert from 'node:assert/strict';
import { insert, updateOne } from '../change.ts';
import { systemActor } from '../../audit/event.ts';
import { openTestStore } from '../testing/test-store.ts';
test('quick', async (t) => {
  let a = performance.now();
  const store = await openTestStore(t);
  console.log('open', performance.now()-a); a = performance.now();
  const s2 = await openTestStore(t);
  console.log('open2', performance.now()-a);
  console.log(await store.read.selectFrom('meta').selectAll().execute());
  const unit = (i: number) => ({ changes: [insert('replays', { key: 'k'+i, expires_at: i })], audit: [{at: 1, type: 'server.initialised' as const, outcome: 'success' as const, actor: systemActor, subject: null, data: {i}, text: 'x'}] });
  await store.commit(unit(1));
  await assert.rejects(store.commit(unit(1)), { name: 'ConflictError', change: 0 });
  await assert.rejects(store.commit({changes:[insert('sessions', {hash:'a', user_id:'b', created_at:1, expires_at:2, ended_at:null})], audit:[]}), { name: 'ConflictError', change: 0 });
  await assert.rejects(store.commit({changes:[updateOne('replays', {key:'k1', expires_at: {gt: 5}}, {expires_at: 7})], audit:[]}), { name: 'ConflictError', change: 0 });
  await store.check();
  for (const n of [1, 64]) {
    a = performance.now(); const N = 5000; let i = 0;
    await Promise.all(Array.from({length: n}, async () => { while (i < N) { await store.commit(unit(100000*n + i++)); } }));
    console.log(n, N / (performance.now()-a) * 1000, store.roundTrips());
  }
  console.log(await store.read.selectFrom('audit').selectAll().orderBy('seq','desc').limit(2).execute());
  console.log(await store.read.selectFrom('audit').select(store.read.fn.countAll().as('n')).execute());
});
