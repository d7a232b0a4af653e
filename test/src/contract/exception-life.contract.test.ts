import assert from 'node:assert/strict';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { day, hour, toTimestamp } from '@postern/shared/time';
import { openDesk, opened } from '@postern/server/exceptions/testing/desk';
import { onBothStores } from './both-stores.ts';

onBothStores('what was asked for together and for later begins once, and is ended together', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  await desk.addDevice(desk.erin);
  const body = {
    person: desk.erin.id,
    rules: ['base/firewall'],
    duration: '2h',
    justification: 'The fair is all day long',
    startsAt: toTimestamp(opened + day),
  };
  const path = '/v1/admin/exception-sets';
  const set = await desk.call<{ id: string; items: ExceptionView[] }>('POST', path, { as: desk.ada, body });
  assert.equal(set.status, 201, set.code);
  const { id, items } = set.body;
  assert.equal(items.length, 2);

  const requests = items.map((each) => ({ exception: each.id, requestHash: each.requestHash }));
  await desk.call('POST', `${path}/${id}/approve`, { as: desk.bob, body: { requests } });
  desk.pass(day);
  assert.deepEqual([await desk.sweep(), await desk.sweep()], [2, 0]);
  for (const each of items) assert.equal((await desk.seen(each)).live, true);
  await desk.call('POST', `${path}/${id}/revoke`, { as: desk.bob, body: {} });
  for (const each of items) assert.equal((await desk.seen(each)).state, 'revoked');
});

onBothStores('a chain of extensions counts from its beginning, and an edit leaves no vote', async (t, database) => {
  const desk = await openDesk(t, await database.open());
  const first = await desk.granted({ duration: '8h' });
  desk.pass(7 * hour);
  const { body: second } = await desk.extend(first, '2h');
  assert.equal((await desk.own('edit', second, { duration: '6h' })).code, 'exception_too_long');
  assert.equal((await desk.own('edit', second, { duration: '5h' })).status, 200);
  assert.equal((await desk.act(desk.bob, 'approve', second)).body.state, 'active');

  const disk = await desk.asked({ rules: ['base/disk'] });
  await desk.act(desk.bob, 'approve', disk);
  await desk.own('edit', disk, { duration: '1h' });
  assert.equal((await desk.act(desk.eve, 'approve', disk)).body.state, 'pending');
});
