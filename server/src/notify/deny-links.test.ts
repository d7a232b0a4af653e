import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, hour } from '@postern/shared/time';
import { parseEntry } from '../audit/chain.ts';
import { attemptDelivery } from './attempt.ts';
import { type Denial, denyCode, openDenyCode } from './deny-code.ts';
import type { MailBody } from './mail-body.ts';
import { masterSecret, type Notifier, openNotifier } from './testing/notifier.ts';

const mail = { mailServer: 'smtp://127.0.0.1:1', from: 'postern@example.org' };

/** Mails that were sent, by address. */
async function openMailed(t: Parameters<typeof openNotifier>[0]) {
  const sent = new Map<string, MailBody>();
  const notifier = await openNotifier(t, {
    mail,
    senders: {
      mail: async (_mail, to, body) => {
        sent.set(to, body);
        return { sent: true };
      },
    },
  });
  const codeOf = (name: string) => /console\/deny#(\S+)/.exec(sent.get(`${name}@example.org`)?.text ?? '')?.[1];
  return { ...notifier, sent, codeOf };
}

const deny = ({ notify }: Pick<Notifier, 'notify'>, code: string, reason?: string) =>
  notify('POST', '/v1/deny-links', { body: { code, ...(reason === undefined ? {} : { reason }) } });

describe('the link in a mail to an approver', () => {
  test('denies the request in their name, with their reason, once', async (t) => {
    const notifier = await openMailed(t);
    const request = await notifier.desk.asked();
    await notifier.follow();
    await notifier.send();
    const code = notifier.codeOf('Bob') ?? assert.fail();
    assert.equal((await deny(notifier, code, 'Use the other laptop')).status, 204);
    const seen = await notifier.desk.seen(request);
    assert.equal(seen.state, 'denied');
    assert.deepEqual(
      seen.decisions.map(({ by, reason }) => [by.name, reason]),
      [['Bob', 'Use the other laptop']],
    );
    const { channel } = await notifier.store.read
      .selectFrom('exception_decisions')
      .select('channel')
      .executeTakeFirstOrThrow();
    assert.equal(channel, 'link');
    assert.equal((await deny(notifier, code)).code, 'deny_link_invalid');
  });

  test('is in the fragment of an address, in no table, and nothing approves with it', async (t) => {
    const notifier = await openMailed(t);
    await notifier.desk.asked();
    await notifier.follow();
    await notifier.send();
    const code = notifier.codeOf('Bob') ?? assert.fail();
    const { text, html } = notifier.sent.get('Bob@example.org') ?? assert.fail();
    assert.match(text, /Deny it: https:\/\/postern\.test\/console\/deny#/);
    assert.doesNotMatch(text + html, /approve[?#/]/i);
    const stored = JSON.stringify([await notifier.deliveries(), await notifier.notices()]);
    assert.ok(!stored.includes(code.split('.')[1] ?? '-'));
  });

  test('goes to approvers only', async (t) => {
    const notifier = await openMailed(t);
    await notifier.desk.granted();
    await notifier.follow();
    await notifier.send();
    assert.match(notifier.sent.get('Erin@example.org')?.subject ?? '', /was approved$/);
    assert.equal(notifier.codeOf('Erin'), undefined);
  });

  test('does nothing for who is no approver any more, has left, or whose own it has become', async (t) => {
    for (const change of [{ roles: '["employee"]' }, { active: 0 }]) {
      const notifier = await openMailed(t);
      const request = await notifier.desk.asked();
      await notifier.follow();
      await notifier.send();
      await notifier.desk.change('users', notifier.bob.id, change);
      assert.equal((await deny(notifier, notifier.codeOf('Bob') ?? '')).code, 'deny_link_invalid');
      assert.equal((await notifier.desk.seen(request)).state, 'pending');
    }
    const notifier = await openMailed(t);
    const request = await notifier.desk.asked();
    await notifier.follow();
    await notifier.send();
    await notifier.desk.change('devices', notifier.laptop.id, { owner_id: notifier.bob.id });
    assert.equal((await deny(notifier, notifier.codeOf('Bob') ?? '')).code, 'deny_link_invalid');
    assert.equal((await notifier.desk.seen(request)).state, 'pending');
  });

  test('is for the request as it was, and for as long as it waits', async (t) => {
    const notifier = await openMailed(t);
    const request = await notifier.desk.asked();
    const { bob, desk } = notifier;
    const denial = {
      exception: request.id,
      requestHash: request.requestHash,
      person: bob.id,
      exp: desk.clock.at + hour,
    };
    const code = (change: Partial<Denial>) => denyCode(masterSecret, { ...denial, ...change });
    for (const wrong of [
      code({ requestHash: 'another' }),
      code({ exp: desk.clock.at }),
      code({ person: notifier.erin.id }),
      code({ exception: `exc_${'0'.repeat(32)}` }),
    ])
      assert.equal((await deny(notifier, wrong)).code, 'deny_link_invalid');
    assert.equal((await desk.seen(request)).state, 'pending');
    assert.equal((await deny(notifier, code({}))).status, 204);
  });

  test("leaves a record of codes that are none, whose they were if anybody's, and no flood of it", async (t) => {
    const notifier = await openMailed(t);
    const request = await notifier.desk.asked();
    const denial = { exception: request.id, requestHash: request.requestHash, exp: notifier.desk.clock.at + hour };
    await deny(notifier, denyCode(masterSecret, { ...denial, person: notifier.erin.id }));
    for (let count = 0; count < 60; count += 1) await deny(notifier, `${'a'.repeat(20 + count)}.${'A'.repeat(43)}`);
    const entries = (
      await notifier.store.read
        .selectFrom('audit')
        .select('entry')
        .where('type', '=', 'exception.decision-refused')
        .orderBy('seq')
        .execute()
    ).map(({ entry }) => parseEntry(entry));
    assert.equal(entries.length, 20);
    assert.ok(entries.every(({ actor, outcome }) => actor.kind === 'anonymous' && outcome === 'failure'));
    assert.deepEqual(
      [entries[0]?.subject?.id, entries[0]?.data['linkOf'], entries[1]?.subject],
      [request.id, notifier.erin.id, null],
    );
    assert.doesNotMatch(JSON.stringify(entries), /aaaaa|AAAAA/);
  });

  test('cannot be made, changed or lengthened without the key', () => {
    const denial = { exception: 'exc_1', requestHash: 'h', person: 'usr_1', exp: 100 };
    const code = denyCode(masterSecret, denial);
    assert.deepEqual(openDenyCode(masterSecret, code, 99), denial);
    assert.equal(openDenyCode(masterSecret, code, 100), undefined);
    const other = Buffer.alloc(32, 8).toString('base64url');
    assert.equal(openDenyCode(other, code, 99), undefined);
    const [payload = '', mac = ''] = code.split('.');
    const longer = Buffer.from(JSON.stringify({ ...denial, exp: 1e12 })).toString('base64url');
    for (const forged of [
      `${longer}.${mac}`,
      payload,
      `${payload}.`,
      `${code}.x`,
      `${payload}.${'A'.repeat(43)}`,
      '',
      '.',
    ])
      assert.equal(openDenyCode(masterSecret, forged, 99), undefined);
    for (let index = 0; index < code.length; index += 1) {
      // The last character of each part may hold bits that say nothing.
      if (code[index] === '.' || index === code.length - 1) continue;
      const changed = code.slice(0, index) + (code[index] === 'A' ? 'B' : 'A') + code.slice(index + 1);
      assert.equal(openDenyCode(masterSecret, changed, 99), undefined, String(index));
    }
  });

  test('is not in a mail that is sent when the request waits no more', async (t) => {
    const notifier = await openMailed(t);
    await notifier.desk.asked();
    await notifier.follow();
    const row = (await notifier.deliveries()).find(({ channel }) => channel === 'email') ?? assert.fail();
    const bodies: MailBody[] = [];
    const senders = {
      webhook: () => assert.fail(),
      mail: async (_mail: unknown, _to: string, body: MailBody) => {
        bodies.push(body);
        return { sent: true as const };
      },
    };
    await attemptDelivery(notifier.deps, senders, row, notifier.desk.clock.at);
    await attemptDelivery(notifier.deps, senders, row, notifier.desk.clock.at + 2 * day);
    assert.deepEqual(
      bodies.map(({ text }) => text.includes('/console/deny#')),
      [true, false],
    );
  });
});
