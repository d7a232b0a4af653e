import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createDispatcher } from '@postern/server/notify/dispatch';
import { sendDigests } from '@postern/server/notify/digests';
import { followAudit } from '@postern/server/notify/follow';
import { forgetMessages, listNotices } from '@postern/server/notify/notices';
import { remindOfEnds } from '@postern/server/notify/remind';
import { openNotifier } from '@postern/server/notify/testing/notifier';
import type { Store } from '@postern/server/storage/store';
import { day, hour, minute } from '@postern/shared/time';
import { onBothStores, type TestDatabase } from './both-stores.ts';

const mail = { mailServer: 'smtp://127.0.0.1:1', from: 'postern@example.org' };

/** Two nodes on one database: what the first one has, with the second one's connections. */
async function openNodes(t: TestContext, database: TestDatabase) {
  const notifier = await openNotifier(t, { store: await database.open(), mail });
  const nodeOn = (store: Store) => ({ ...notifier.deps, store });
  return { notifier, nodes: [notifier.deps, nodeOn(await database.open()), nodeOn(await database.open())] };
}

onBothStores('of nodes that follow the audit at once, each message is made once', async (t, database) => {
  const { notifier, nodes } = await openNodes(t, database);
  const { desk } = notifier;
  await notifier.notify('POST', '/v1/admin/webhooks', {
    as: notifier.ada,
    body: { url: 'https://hooks.example/', label: 'Tickets' },
  });
  for (const rule of ['base/firewall', 'base/disk', 'base/lock']) {
    await Promise.all([desk.asked({ rules: [rule] }), ...nodes.map((node) => followAudit(node, desk.clock.at))]);
    await Promise.all(nodes.map((node) => followAudit(node, desk.clock.at)));
  }
  await notifier.follow();
  const notices = await notifier.notices();
  assert.equal(notices.length, 9);
  assert.equal(new Set(notices.map(({ event_id, person_id }) => `${event_id} ${person_id}`)).size, 9);
  assert.equal((await notifier.deliveries()).length, 12);
  const { items, next } = await listNotices(desk.store.read, { personId: notifier.bob.id, unread: true, limit: 2 });
  assert.deepEqual([items.length, next], [2, items[1]?.id]);
});

onBothStores('of nodes that send at once, one sends each message', async (t, database) => {
  const { notifier, nodes } = await openNodes(t, database);
  const { desk } = notifier;
  const sent: string[] = [];
  const senders = {
    webhook: () => assert.fail(),
    mail: async (_mail: unknown, _to: string, _body: unknown, id: string) => {
      sent.push(id);
      return { sent: true as const };
    },
  };
  for (const rule of ['base/firewall', 'base/disk', 'base/lock']) await desk.asked({ rules: [rule] });
  await notifier.follow();
  const dispatchers = nodes.map((node) => createDispatcher(node, senders));
  for (let rounds = 0; rounds < 10; rounds += 1) {
    await Promise.all(dispatchers.map((each) => each.run(desk.clock.at)));
    await Promise.all(dispatchers.map((each) => each.idle()));
  }
  const rows = await notifier.deliveries();
  assert.equal(rows.length, 9);
  assert.ok(rows.every(({ state, attempts }) => state === 'done' && attempts === 1));
  assert.deepEqual(sent.toSorted(), rows.map(({ id }) => id).toSorted());
});

onBothStores('of nodes that remind and send digests at once, each is told once', async (t, database) => {
  const { notifier, nodes } = await openNodes(t, database);
  const { desk, erin, bob } = notifier;
  await Promise.all(nodes.map((node) => sendDigests(node, desk.clock.at)));
  await desk.granted({ duration: '4h' });
  desk.pass(3 * hour + minute);
  await Promise.all(nodes.map((node) => remindOfEnds(node, desk.clock.at)));
  await notifier.follow();
  assert.equal((await notifier.typesFor(erin.id)).filter((type) => type === 'exception.expiring').length, 1);
  desk.pass(19 * hour);
  await desk.asked({ rules: ['base/disk'] });
  await Promise.all(nodes.map((node) => sendDigests(node, desk.clock.at)));
  await Promise.all(nodes.map((node) => sendDigests(node, desk.clock.at)));
  assert.equal((await notifier.typesFor(bob.id)).filter((type) => type === 'digest.daily').length, 1);
  desk.pass(100 * day);
  await Promise.all(nodes.map((node) => forgetMessages(node, desk.clock.at)));
  assert.deepEqual(await notifier.notices(), []);
});
