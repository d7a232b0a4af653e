import assert from 'node:assert/strict';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
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

onBothStores('the inbox, lists and the evidence of a request read alike', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  const una = await desk.addDevice(await desk.addPerson('Una', ['employee']));
  await desk.act(desk.eve, 'deny', await desk.asked({}, una), { reason: 'Use the guest network' });
  const held = await desk.granted({ rules: ['base/lock'] }, una);
  const asked = await desk.asked();
  const read = async (path: string, query: Record<string, unknown> = {}) => {
    const { body, code } = await desk.call<{ items: { id: string }[] }>('GET', path, { as: desk.bob, query });
    assert.equal(code, undefined, path);
    return body.items.map(({ id }) => id);
  };
  for (const query of [{}, { mine: 'true' }, { q: "erin's" }, { rule: 'base/firewall', risk: 'low' }])
    assert.deepEqual(await read('/v1/me/inbox', query), [asked.id]);
  const path = '/v1/admin/exceptions';
  for (const query of [
    { standing: 'open' },
    { sort: 'ending' },
    { q: 'UNA', state: 'active' },
    { rule: 'base/lock', kind: 'device' },
  ])
    assert.deepEqual(await read(path, query), [held.id]);
  assert.equal((await read(path, { standing: 'over' })).length, 1);
  const { body } = await desk.call<ExceptionEvidence>('GET', `${path}/${asked.id}/evidence`, { as: desk.bob });
  assert.deepEqual([body.similar.counts.denied, body.similar.latest[0]?.person.name], [1, 'Una']);
  assert.equal(body.rules[0]?.now?.standing, 'blocked');
});
