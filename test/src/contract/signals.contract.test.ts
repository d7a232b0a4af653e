import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { posture } from '@postern/server/exceptions/testing/policy';
import { watchBacklogs } from '@postern/server/signals/backlog';
import { openSignalsDesk, toldOf } from '@postern/server/signals/testing/signals-desk';
import { day, hour, minute } from '@postern/shared/time';
import { onBothStores, type TestDatabase } from './both-stores.ts';

const taken = { kind: 'taken' } as const;

/** Several nodes on one database. */
async function openNodes(t: TestContext, database: TestDatabase) {
  const pushed: string[] = [];
  const push = async ({ token }: { token: string }) => {
    pushed.push(toldOf(token).jti);
    return taken;
  };
  const desk = await openSignalsDesk(t, { store: await database.open(), push });
  const others = [desk.nodeOn(await database.open()), desk.nodeOn(await database.open())].map(
    ({ signaller }) => signaller,
  );
  for (const other of others) t.after(() => other.stop());
  return { desk, pushed, nodes: [desk.signaller, ...others] };
}

onBothStores('of nodes that tell at once, each event is made once, and comes in order', async (t, database) => {
  const { desk, nodes } = await openNodes(t, database);
  await desk.addStream(desk.gateway);
  await desk.follow();
  for (let count = 0; count < 8; count += 1) {
    await desk.actOn(desk.laptop, count % 2 === 0 ? 'device.suspended' : 'device.resumed');
    await Promise.all(nodes.map((node) => desk.follow(node)));
  }
  const { told } = await desk.poll(desk.gateway);
  assert.equal(told.length, 4);
  assert.equal(new Set(told.map(({ txn }) => txn)).size, 4);
  const rows = await desk.events();
  assert.deepEqual(
    told.map(({ jti }) => jti),
    rows.map(({ jti }) => jti),
  );
  assert.equal(new Set(rows.map(({ position }) => position)).size, rows.length);
});

onBothStores('of nodes that push at once, one pushes each event', async (t, database) => {
  const { desk, pushed, nodes } = await openNodes(t, database);
  const delivery = { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://receiver.example/' };
  await desk.addStream(desk.gateway, { delivery });
  await desk.follow();
  for (let count = 0; count < 20; count += 1) {
    await desk.actOn(desk.laptop, count % 2 === 0 ? 'device.suspended' : 'device.resumed');
    await Promise.all(nodes.map((node) => desk.follow(node)));
  }
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await turn()) {
    if ((await desk.events()).length === 0) break;
    await Promise.all(nodes.map((node) => desk.follow(node)));
  }
  assert.equal(pushed.length, 10);
  assert.equal(new Set(pushed).size, 10);
});

onBothStores('what time alone ends is told, and so is the report after it', async (t, database) => {
  const { desk } = await openNodes(t, database);
  await desk.addStream(desk.gateway);
  await desk.report(desk.laptop, posture({ firewall: true, disk: 'full', lock: true }, desk.clock.at));
  const subject = { kind: 'device', id: desk.laptop.id };
  await desk.record({ type: 'verdict.changed', subject });
  assert.equal((await desk.news(desk.gateway)).length, 1);
  desk.pass(hour);
  assert.equal((await desk.news(desk.gateway)).length, 1);
  desk.pass(minute);
  const received = { received_at: desk.clock.at };
  await desk.store.commit({
    changes: [
      { kind: 'update', table: 'evidence', where: { device_id: desk.laptop.id }, set: received, expect: 'one' },
    ],
    audit: [],
  });
  assert.equal((await desk.news(desk.gateway)).length, 1);
});

onBothStores('a stream is changed, acknowledged and disabled while events come', async (t, database) => {
  const { desk, nodes } = await openNodes(t, database);
  const stream = await desk.addStream(desk.gateway);
  const change = (number: number) =>
    desk.call('PATCH', '/ssf/streams', desk.gateway, { body: { stream_id: stream, description: `Number ${number}` } });
  for (let count = 0; count < 6; count += 1) {
    await desk.actOn(desk.laptop, count % 2 === 0 ? 'device.suspended' : 'device.resumed');
    const [changed] = await Promise.all([change(count), ...nodes.map((node) => desk.follow(node))]);
    assert.equal(changed.status, 200, changed.code);
  }
  await desk.follow();
  const { told } = await desk.poll(desk.gateway);
  assert.equal(told.length, 3);
  await desk.poll(desk.gateway, { ack: [told[1]?.jti, told[0]?.jti, 'unheard-of'] });
  assert.deepEqual(
    (await desk.events()).map(({ jti }) => jti),
    [told[2]?.jti],
  );
  desk.pass(8 * day);
  await watchBacklogs(desk.deps, desk.clock.at);
  assert.deepEqual(
    (await desk.events()).map(({ type }) => type.replace(/^.*\//, '')),
    ['stream-updated'],
  );
  await desk.call('DELETE', '/ssf/streams', desk.gateway, { query: { stream_id: stream } });
  assert.deepEqual(await desk.events(), []);
});
