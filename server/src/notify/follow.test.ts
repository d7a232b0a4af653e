import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NoticeView } from '@postern/shared/protocol/notice';
import { day, hour, minute } from '@postern/shared/time';
import { deleteAny, insert } from '../storage/change.ts';
import { beginToTell } from './begin.ts';
import { followAudit } from './follow.ts';
import { followCheckpoints } from './follow-checkpoints.ts';
import type { Message } from './message.ts';
import { forgetMessages } from './notices.ts';
import { openNotifier } from './testing/notifier.ts';

const mail = { mailServer: 'smtp://127.0.0.1:1', from: 'postern@example.org' };
const hook = { url: 'http://127.0.0.1:9/hook', label: 'Tickets' };

describe('what happens to a request', () => {
  test('is told to those who may approve it, never to who asked', async (t) => {
    const { desk, follow, typesFor, bob, eve, ada, erin } = await openNotifier(t);
    await desk.asked();
    await follow();
    for (const approver of [bob, eve, ada]) assert.deepEqual(await typesFor(approver.id), ['exception.requested']);
    assert.deepEqual(await typesFor(erin.id), []);
  });

  test('is not told to an approver as such whose own device it is for, nor to who asked for them', async (t) => {
    const { desk, follow, typesFor, bob, eve, ada } = await openNotifier(t);
    await desk.asked({}, await desk.addDevice(bob));
    await follow();
    assert.deepEqual(await typesFor(bob.id), []);
    assert.deepEqual(await typesFor(eve.id), ['exception.requested']);
    assert.deepEqual(await typesFor(ada.id), ['exception.requested']);
  });

  test('is not told to approvers who may approve but do not want to be asked', async (t) => {
    const { desk, notify, follow, typesFor, deliveries, bob, eve } = await openNotifier(t, { mail });
    const wish = { email: false, approvals: false, digest: true };
    assert.equal((await notify('PUT', '/v1/me/notify', { as: bob, body: wish })).status, 200);
    assert.deepEqual((await notify('GET', '/v1/me/notify', { as: bob })).body, wish);
    assert.deepEqual((await notify('GET', '/v1/me/notify', { as: eve })).body, {
      email: true,
      approvals: true,
      digest: true,
    });
    await desk.asked();
    await follow();
    assert.deepEqual(await typesFor(bob.id), []);
    assert.deepEqual(await typesFor(eve.id), ['exception.requested']);
    const mailed = new Set((await deliveries()).map(({ target }) => target));
    assert.ok(mailed.has(eve.id) && !mailed.has(bob.id));
  });

  test('and of what became of it is told to the person, and not to who did it', async (t) => {
    const { desk, follow, typesFor, bob, erin } = await openNotifier(t);
    const exception = await desk.granted();
    await desk.own('relinquish', exception);
    await follow();
    assert.deepEqual(await typesFor(erin.id), ['exception.approved']);
    await desk.act(bob, 'deny', await desk.asked({ rules: ['base/disk'] }), { reason: 'Buy a new one' });
    await follow();
    assert.deepEqual(await typesFor(erin.id), ['exception.approved', 'exception.denied']);
  });

  test('asks nobody for an approval that it got before anybody could be told', async (t) => {
    const { desk, follow, typesFor, bob, eve } = await openNotifier(t);
    await desk.granted();
    await follow();
    assert.deepEqual([await typesFor(bob.id), await typesFor(eve.id)], [[], []]);
  });

  test('is told to auditors too when it looks like misuse: an admin may be whom it is about', async (t) => {
    const { desk, store, follow, typesFor, ada, bob } = await openNotifier(t);
    const olga = await desk.addPerson('Olga', ['auditor']);
    const flagged = {
      at: desk.clock.at,
      type: 'abuse.flagged' as const,
      outcome: 'success' as const,
      actor: { kind: 'system' as const, id: null },
      subject: null,
      data: { sentence: 'Ada and Eve approve only each other' },
    };
    await store.commit({ changes: [], audit: [flagged] });
    await follow();
    for (const told of [ada, olga]) assert.deepEqual(await typesFor(told.id), ['abuse.flagged']);
    assert.deepEqual(await typesFor(bob.id), []);
  });

  test('is told in words of ours, with theirs beside them', async (t) => {
    const { desk, follow, notify, bob, erin } = await openNotifier(t);
    const justification = '<b>Now</b> or https://evil.example';
    const { id } = await desk.asked({ justification });
    await follow();
    const { items } = (await notify<{ items: NoticeView[] }>('GET', '/v1/me/notices', { as: bob })).body;
    const [notice] = items;
    assert.equal(notice?.title, 'Erin asks for an exception');
    assert.equal(notice.subject, id);
    assert.equal(notice.text, justification);
    assert.ok(notice.facts.some(({ label, value }) => label === 'Rules' && value === 'base/firewall'));

    const ids = items.map((each) => each.id);
    assert.equal((await notify('POST', '/v1/me/notices/read', { as: erin, body: { ids } })).status, 204);
    const unread = async () =>
      (await notify<{ items: NoticeView[] }>('GET', '/v1/me/notices', { as: bob, query: { unread: 'true' } })).body;
    assert.equal((await unread()).items.length, 1, 'nobody marks those of others');
    await notify('POST', '/v1/me/notices/read', { as: bob, body: { ids } });
    assert.deepEqual((await unread()).items, []);
  });

  test('reaches the device that it is about, which shows nothing that its owner hears as an approver', async (t) => {
    const { desk, follow, notify, bob, erin, laptop } = await openNotifier(t);
    await desk.granted();
    const other = await desk.addDevice(bob);
    await follow();
    const shown = async (device: typeof laptop) =>
      (await notify<{ items: NoticeView[] }>('GET', '/v1/notices', { as: device })).body.items.map(({ type }) => type);
    assert.deepEqual(await shown(laptop), ['exception.approved']);
    assert.deepEqual(await shown(other), []);
    assert.equal(laptop.ownerId, erin.id);
  });
});

describe('the audit as outbox', () => {
  test('what was there before anybody was told of anything is no news', async (t) => {
    const { desk, store, follow, deliveries, notices } = await openNotifier(t, { mail });
    const published = await store.read
      .selectFrom('audit')
      .select('seq')
      .where('type', '=', 'policy.published')
      .execute();
    assert.ok(published.length > 0);
    await follow();
    assert.deepEqual([await deliveries(), await notices()], [[], []]);
    await desk.asked();
    await follow();
    assert.equal((await notices()).length, 3);
  });

  test('what happened after a server first started is news, also when nobody has followed the audit yet', async (t) => {
    const { desk, store, deps, notices } = await openNotifier(t);
    await store.commit({ changes: [deleteAny('meta', { key: 'notify_cursor' })], audit: [] });
    await Promise.all([beginToTell(deps), beginToTell(deps)]);
    await desk.asked();
    await beginToTell(deps);
    await followAudit(deps, desk.clock.at);
    assert.equal((await notices()).length, 3);
  });

  test('each message is made once, also when two follow at the same instant', async (t) => {
    const { desk, deps, notify, deliveries, notices, ada } = await openNotifier(t, { mail });
    await notify('POST', '/v1/admin/webhooks', { as: ada, body: hook });
    for (const rule of ['base/firewall', 'base/disk', 'base/lock']) await desk.asked({ rules: [rule] });
    await Promise.all([1, 2, 3, 4].map(() => followAudit(deps, desk.clock.at)));
    await followAudit(deps, desk.clock.at);
    // Bob, Eve and Ada hear of three requests; so does the webhook.
    assert.equal((await notices()).length, 9);
    assert.equal((await deliveries()).length, 12);
  });

  test('a node that dies before its messages are written leaves them to the next one', async (t) => {
    const { desk, deps, notices, follow } = await openNotifier(t);
    await desk.asked();
    const dying = { ...deps.store, commit: () => Promise.reject(new Error('killed')) } as typeof deps.store;
    await assert.rejects(followAudit({ ...deps, store: dying }, desk.clock.at), /killed/);
    assert.deepEqual(await notices(), []);
    await follow();
    assert.equal((await notices()).length, 3);
    await follow();
    assert.equal((await notices()).length, 3);
  });

  test('a webhook hears of the types that it named, and no link that denies is with it', async (t) => {
    const { desk, notify, follow, deliveries, ada } = await openNotifier(t);
    const body = { ...hook, events: ['exception.approved'] };
    await notify('POST', '/v1/admin/webhooks', { as: ada, body });
    await notify('POST', '/v1/admin/webhooks', { as: ada, body: hook });
    await desk.granted();
    await follow();
    const rows = await deliveries();
    assert.deepEqual(rows.map(({ type }) => type).toSorted(), [
      'exception.approved',
      'exception.approved',
      'exception.requested',
    ]);
    assert.ok(rows.every((row) => (JSON.parse(row.body) as Message).decide === null));
  });

  test('what a thousand tokens leave in the log is read past', async (t) => {
    const { desk, deps, follow, notices } = await openNotifier(t);
    const token = {
      at: desk.clock.at,
      type: 'token.issued' as const,
      outcome: 'success' as const,
      actor: { kind: 'device' as const, id: desk.laptop.id },
      subject: null,
      data: {},
    };
    await deps.store.commit({ changes: [], audit: Array.from({ length: 1000 }, () => token) });
    await desk.asked();
    await deps.store.commit({ changes: [], audit: Array.from({ length: 6000 }, () => token) });
    await follow();
    assert.equal((await notices()).length, 3);
    const { value } = await deps.store.read
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'notify_cursor')
      .executeTakeFirstOrThrow();
    const { seq } = await deps.store.read
      .selectFrom('audit')
      .select('seq')
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    assert.equal(Number(value), seq);
  });

  test('more than fit into a unit are told in several', async (t) => {
    const { desk, deps, follow, notices } = await openNotifier(t);
    const entry = {
      at: desk.clock.at,
      type: 'policy.published' as const,
      outcome: 'success' as const,
      actor: { kind: 'system' as const, id: null },
      subject: { kind: 'policy', id: 'base' },
      data: {},
    };
    await deps.store.commit({ changes: [], audit: Array.from({ length: 1200 }, () => entry) });
    await follow();
    assert.equal((await notices()).length, 1200);
    assert.equal(new Set((await notices()).map(({ event_id }) => event_id)).size, 1200);
  });

  test('whoever gets a passkey or a sign-in link hears of it, also when it was made in their own name', async (t) => {
    const { desk, follow, typesFor, ada, bob } = await openNotifier(t);
    const entry = (type: 'passkey.added' | 'sign-in-link.created', actor: string) => {
      const [by, subject] = [
        { kind: 'person' as const, id: actor },
        { kind: 'person', id: bob.id },
      ];
      return { at: desk.clock.at, type, outcome: 'success' as const, actor: by, subject, data: {} };
    };
    const audit = [entry('passkey.added', bob.id), entry('sign-in-link.created', ada.id)];
    await desk.store.commit({ changes: [], audit });
    await follow();
    assert.deepEqual(await typesFor(bob.id), ['account.factor_added', 'account.credential_made']);
    assert.deepEqual(await typesFor(ada.id), []);
  });

  test('an attempt that was refused is told to nobody', async (t) => {
    const { desk, follow, notices, erin } = await openNotifier(t);
    const exception = await desk.asked();
    await follow();
    const before = (await notices()).length;
    await desk.act({ ...erin, roles: ['approver'] }, 'approve', exception);
    await follow();
    assert.equal((await notices()).length, before);
  });

  test('signed heads go to webhooks, each once', async (t) => {
    const { desk, deps, notify, deliveries, ada } = await openNotifier(t);
    await notify('POST', '/v1/admin/webhooks', { as: ada, body: hook });
    await followCheckpoints(deps, desk.clock.at);
    const checkpoint = (size: number) => insert('audit_checkpoints', { size, root: 'r', note: 'n', at: desk.clock.at });
    await deps.store.commit({ changes: [checkpoint(5), checkpoint(9)], audit: [] });
    await Promise.all([followCheckpoints(deps, desk.clock.at), followCheckpoints(deps, desk.clock.at)]);
    await followCheckpoints(deps, desk.clock.at);
    assert.deepEqual(
      (await deliveries()).map(({ type, event_id }) => [type, event_id]),
      [
        ['audit.checkpoint', 'checkpoint:5'],
        ['audit.checkpoint', 'checkpoint:9'],
      ],
    );
  });

  test('messages are forgotten: those that went through after a month, notices after three', async (t) => {
    const { desk, deps, notify, follow, send, deliveries, notices, ada } = await openNotifier(t);
    await notify('POST', '/v1/admin/webhooks', { as: ada, body: hook });
    await desk.asked();
    await follow();
    desk.pass(2 * day);
    await send();
    const waiting = (await deliveries()).length;
    desk.pass(40 * day);
    await forgetMessages(deps, desk.clock.at);
    assert.equal((await deliveries()).length, waiting, 'what waits is not forgotten');
    desk.pass(50 * day + hour + minute);
    await forgetMessages(deps, desk.clock.at);
    assert.deepEqual(await notices(), []);
  });
});
