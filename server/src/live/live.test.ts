import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { Fault } from '@postern/shared/protocol/errors';
import type { LiveChange } from '@postern/shared/protocol/live';
import { type AuditEvent, systemActor } from '../audit/event.ts';
import { createCommitNews } from '../commit-news.ts';
import { insert, updateOne } from '../storage/change.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import type { Ears } from './hears.ts';
import { createLive, type Limits, type Wish } from './live.ts';

const admin: Ears = { personId: 'usr_ada', roles: ['admin'], groups: [] };

const event = (type: AuditEvent['type'], kind: string, id: string, at = 1): AuditEvent => ({
  at,
  type,
  outcome: 'success',
  actor: systemActor,
  subject: { kind, id },
  data: {},
});

/** A node: its store tells of its commits. A second one on the same database is another node. */
async function openNode(t: TestContext, databaseUrl?: string, limits: Partial<Limits> = {}) {
  const inner = await openTestStore(t, databaseUrl === undefined ? {} : { databaseUrl });
  const news = createCommitNews();
  const store = news.tellOf(inner);
  const gauge = { listening: 0 };
  const live = createLive(
    { store, log: pino({ level: 'silent' }), metrics: { liveStreams: (count) => (gauge.listening = count) } },
    { ofPerson: 20, ofAll: 100, everyMs: 20, checkMs: 60_000, ...limits },
  );
  news.onUnit((unit) => live.committed(unit));
  t.after(() => live.stop());

  function listen(ears: Ears, whoNow: Wish['whoNow'] = async () => ears) {
    const heard: LiveChange[] = [];
    const { lines } = live.open({ ...ears, whoNow });
    const reader = lines[Symbol.asyncIterator]();
    const over = (async () => {
      for (;;) {
        const { value, done } = await reader.next();
        if (done === true) return;
        for (const [, data = ''] of value.matchAll(/^data: (.*)$/gm)) heard.push(JSON.parse(data) as LiveChange);
      }
    })();
    const hears = async (wanted: LiveChange) => {
      const said = JSON.stringify(wanted);
      for (const end = performance.now() + 5000; performance.now() < end; await new Promise((go) => setTimeout(go, 5)))
        if (heard.some((each) => JSON.stringify(each) === said)) return;
      assert.fail(`${said} was not heard, but ${JSON.stringify(heard)}`);
    };
    return { heard, hears, over, leave: () => reader.return?.() };
  }
  return { store, live, listen, gauge, databaseUrl: inner.databaseUrl };
}

/** Until the follower has certainly looked. */
const looked = () => new Promise((go) => setTimeout(go, 150));

describe('live changes', () => {
  test('are told of commits of this node, and once', async (t) => {
    const node = await openNode(t);
    const ada = node.listen(admin);
    await looked();
    await node.store.commit({ changes: [], audit: [event('device.suspended', 'device', 'dev_1')] });
    await ada.hears({ topic: 'devices', id: 'dev_1' });
    await ada.hears({ topic: 'audit' });
    await looked();
    await looked();
    assert.deepEqual(ada.heard, [{ topic: 'devices', id: 'dev_1' }, { topic: 'audit' }]);
  });

  test('are told of what another node commits, mixed with what this one does', async (t) => {
    const node = await openNode(t);
    const other = await openNode(t, node.databaseUrl);
    const ada = node.listen(admin);
    await looked();
    await Promise.all([
      other.store.commit({ changes: [], audit: [event('review.decided', 'review', 'rvw_1')] }),
      node.store.commit({ changes: [], audit: [event('exception.approved', 'exception', 'exc_1')] }),
    ]);
    await ada.hears({ topic: 'reviews', id: 'rvw_1' });
    await ada.hears({ topic: 'exceptions', id: 'exc_1' });
    await looked();
    await looked();
    const named = ada.heard.filter(({ id }) => id !== undefined).map(({ id }) => id ?? '');
    assert.deepEqual(named.toSorted(), ['exc_1', 'rvw_1']);
  });

  test('say nothing of what happened before anybody listened', async (t) => {
    const node = await openNode(t);
    const other = await openNode(t, node.databaseUrl);
    await other.store.commit({ changes: [], audit: [event('device.suspended', 'device', 'dev_1')] });
    const ada = node.listen(admin);
    await looked();
    ada.leave();
    await other.store.commit({ changes: [], audit: [event('device.suspended', 'device', 'dev_2')] });
    const again = node.listen(admin);
    await looked();
    assert.deepEqual([...ada.heard, ...again.heard], []);
  });

  test('of evidence come together, and reading the audit is no reason to read it again', async (t) => {
    const node = await openNode(t);
    const ada = node.listen(admin);
    await looked();
    const row = { seq: 1, hash: 'h', received_at: 1 };
    node.live.committed({ changes: [insert('evidence', { device_id: 'dev_1', ...row })], audit: [] });
    node.live.committed({ changes: [updateOne('evidence', { device_id: 'dev_1', seq: 1 }, { seq: 2 })], audit: [] });
    await ada.hears({ topic: 'devices', id: 'dev_1' });
    await node.store.commit({ changes: [], audit: [event('audit.read', 'person', 'usr_ada')] });
    await looked();
    assert.deepEqual(ada.heard, [{ topic: 'devices', id: 'dev_1' }]);
  });

  test('tell of notices that another node made, only those whose they are', async (t) => {
    const node = await openNode(t);
    const other = await openNode(t, node.databaseUrl);
    const person = { email: 'x', roles: '[]', active: 1, created_at: 0, groups: '[]', manager_id: null, notify: '{}' };
    await other.store.commit({
      changes: [
        insert('meta', { key: 'notify_cursor', value: '0' }),
        insert('users', { ...person, id: 'usr_eve', name: 'Eve', email: 'eve@example.org' }),
        insert('users', { ...person, id: 'usr_bob', name: 'Bob', email: 'bob@example.org' }),
      ],
      audit: [],
    });
    const eve = node.listen({ personId: 'usr_eve', roles: ['employee'], groups: [] });
    const bob = node.listen({ personId: 'usr_bob', roles: ['employee'], groups: [] });
    await looked();
    const notice = {
      event_id: 'audit:1',
      at: 1,
      type: 'exception.approved',
      subject_id: null,
      body: '{}',
      read_at: null,
    };
    await other.store.commit({
      changes: [
        updateOne('meta', { key: 'notify_cursor', value: '0' }, { value: '1' }),
        insert('notices', { id: 'ntc_1', person_id: 'usr_eve', ...notice }),
      ],
      audit: [],
    });
    await eve.hears({ topic: 'notices' });
    await looked();
    assert.deepEqual(bob.heard, []);
  });

  test('end for whoever is signed in no more, or is somebody else now, as soon as it is done to them', async (t) => {
    const node = await openNode(t);
    const other = await openNode(t, node.databaseUrl);
    let isOut = false;
    const out = node.listen(admin, async () => {
      if (isOut) throw new Fault('not_signed_in');
      return admin;
    });
    const eve: Ears = { ...admin, personId: 'usr_eve' };
    const changed = node.listen(eve, async () => (isOut ? { ...eve, roles: ['employee'] } : eve));
    const stays = node.listen({ ...admin, personId: 'usr_bob' }, async () => ({ ...admin, personId: 'usr_bob' }));
    await looked();
    assert.equal(node.live.count(), 3);
    isOut = true;
    await node.store.commit({ changes: [], audit: [event('person.signed-out', 'person', 'usr_ada')] });
    await out.over;
    await other.store.commit({ changes: [], audit: [event('user.changed', 'person', 'usr_eve')] });
    await changed.over;
    await node.store.commit({ changes: [], audit: [event('user.changed', 'person', 'usr_bob')] });
    await stays.hears({ topic: 'me' });
    assert.equal(node.live.count(), 1);
  });

  test('end for whose session ran out, with the next check, and not because the database is away', async (t) => {
    const node = await openNode(t, undefined, { checkMs: 20 });
    let answer: Error = new Error('away');
    const ada = node.listen(admin, async () => {
      throw answer;
    });
    await looked();
    assert.equal(node.live.count(), 1);
    answer = new Fault('not_signed_in');
    await ada.over;
    assert.equal(node.live.count(), 0);
  });

  test('do not begin for who was signed out between being let in and listening', async (t) => {
    const node = await openNode(t);
    const late = node.listen(admin, async () => {
      throw new Fault('not_signed_in');
    });
    const isOver = late.over.then(() => true);
    // Long before the first check by the clock.
    assert.equal(await Promise.race([isOver, new Promise((go) => setTimeout(go, 5000, false))]), true);
    assert.equal(node.live.count(), 0);
  });

  test('have no more listeners because several are let in at the same instant', async (t) => {
    const node = await openNode(t, undefined, { ofPerson: 2, ofAll: 3 });
    const open = (ears: Ears) => node.live.open({ ...ears, whoNow: async () => ears });
    const feeds = [open(admin), open(admin), open(admin), open({ ...admin, personId: 'usr_bob' })];
    feeds.push(open({ ...admin, personId: 'usr_eve' }));
    for (const { lines } of feeds) lines[Symbol.asyncIterator]();
    assert.equal(node.live.count(), 3);
    assert.deepEqual(
      feeds.map(({ broken }) => broken.aborted),
      [false, false, true, false, true],
    );
  });

  test('have so many listeners a person and in all, and forget each that leaves', async (t) => {
    const node = await openNode(t, undefined, { ofPerson: 2, ofAll: 3 });
    const refused = (ears: Ears) =>
      assert.throws(
        () => node.listen(ears),
        (error) => error instanceof Fault && error.code === 'too_many_requests',
      );
    const [one] = [node.listen(admin), node.listen(admin)];
    refused(admin);
    node.listen({ ...admin, personId: 'usr_bob' });
    refused({ ...admin, personId: 'usr_eve' });
    assert.equal(node.gauge.listening, 3);
    one?.leave();
    assert.equal(node.gauge.listening, 2);
    node.listen(admin);
    await node.live.stop();
    assert.equal(node.gauge.listening, 0);
    assert.throws(() => node.listen(admin), Fault);
  });
});
