import assert from 'node:assert/strict';
import { openDesk } from '@postern/server/exceptions/testing/desk';
import { playHistories } from '@postern/server/exceptions/testing/histories';
import { onBothStores, onStore } from './both-stores.ts';

onStore('postgres', 'exceptions go the way of the model', async (t, database) => {
  await playHistories(await openDesk(t, await database.open()), 25);
});

onBothStores('of many who decide and ask at the same instant each hears what became of it', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  const asked = await Promise.all([desk.ask(), desk.ask(), desk.ask({ rules: ['base/disk'] })]);
  assert.deepEqual(asked.map(({ code }) => code ?? 'done').toSorted(), ['done', 'done', 'exception_overlaps']);
  const disk = asked.at(-1)?.body ?? assert.fail();
  const decided = await Promise.all([
    desk.act(desk.bob, 'approve', disk),
    desk.act(desk.eve, 'approve', disk),
    desk.own('withdraw', disk),
  ]);
  const { state } = await desk.seen(disk);
  assert.ok(state === 'active' || state === 'withdrawn');
  assert.ok(decided.every(({ code }) => code === undefined || code === 'exception_state'));
  const places = Object.entries(await desk.places()).filter(([place]) => place.startsWith('base/disk'));
  assert.equal(places.length, state === 'active' ? 1 : 0);
});
