import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import type { WebhookView } from '@postern/shared/protocol/webhook';
import { hour, minute, second } from '@postern/shared/time';
import { updateOne } from '../storage/change.ts';
import { createDispatcher } from './dispatch.ts';
import type { MailAttempt } from './send-mail.ts';
import type { Attempt, sendWebhook } from './send-webhook.ts';
import { openNotifier, type Notifier } from './testing/notifier.ts';

const mail = { mailServer: 'smtp://127.0.0.1:1', from: 'postern@example.org' };
const taken = { status: 200, retryAfter: undefined };

async function addHook({ notify, ada }: Notifier, host: string): Promise<string> {
  const body = { url: `https://${host}/`, label: host, events: ['webhook.test'] };
  return (await notify<WebhookView>('POST', '/v1/admin/webhooks', { as: ada, body })).body.id;
}

async function testHook({ notify, ada }: Notifier, id: string, count = 1): Promise<void> {
  for (let made = 0; made < count; made += 1) await notify('POST', `/v1/admin/webhooks/${id}/test`, { as: ada });
}

const rowsOf = async ({ deliveries }: Notifier, target: string) =>
  (await deliveries()).filter((row) => row.target === target);

/** Lets what was started go on until this holds. It soon does, or the assertion after it says what is missing. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isSo() && performance.now() < deadline) await turn();
}

/** Answers when told to, as what is dead does when the time is up. */
function held<Result>(answer: Result) {
  let waiting: ((result: Result) => void)[] = [];
  return {
    call: () => new Promise<Result>((resolve) => void waiting.push(resolve)),
    count: () => waiting.length,
    end: () => {
      const ended = waiting;
      waiting = [];
      for (const resolve of ended) resolve(answer);
    },
  };
}

describe('places that do not answer', () => {
  test('leave room for those that do, however many they are and however much waits for them', async (t) => {
    const dead = held<Attempt>({ error: 'no answer in time' });
    const reached: string[] = [];
    const webhook: typeof sendWebhook = async ({ url }) => {
      if (url.host.startsWith('dead')) return await dead.call();
      reached.push(url.host);
      return taken;
    };
    const notifier = await openNotifier(t, { senders: { webhook } });
    const run = () => notifier.dispatcher.run(notifier.desk.clock.at);
    for (let number = 0; number < 6; number += 1)
      await testHook(notifier, await addHook(notifier, `dead${number}.example`), 6);
    notifier.desk.pass(second);
    await run();
    await until(() => dead.count() === 8);
    assert.equal(dead.count(), 8, 'nobody knows yet that they are dead');
    await testHook(notifier, await addHook(notifier, 'alive.example'), 4);
    const hold = async () => {
      for (
        const deadline = performance.now() + 10_000;
        reached.length < 4 && performance.now() < deadline;
        await turn()
      )
        await run();
    };
    // Those that nobody knew to be dead take their turn, once.
    dead.end();
    await until(() => dead.count() >= 4);
    dead.end();
    await hold();
    assert.equal(reached.length, 4, `while ${dead.count()} waited for the dead`);
    assert.ok(dead.count() <= 8);
  });

  test('are no person of many when it is the mail server: webhooks are told while mail waits', async (t) => {
    const dead = held<MailAttempt>({ sent: false, status: null, error: 'no', final: false });
    const reached: string[] = [];
    const webhook: typeof sendWebhook = async ({ url }) => {
      reached.push(url.host);
      return taken;
    };
    const notifier = await openNotifier(t, { mail, senders: { webhook, mail: () => dead.call() } });
    for (let number = 0; number < 12; number += 1) await notifier.desk.addPerson(`Approver${number}`, ['approver']);
    await notifier.desk.asked();
    await notifier.follow();
    notifier.desk.pass(second);
    await testHook(notifier, await addHook(notifier, 'alive.example'));
    await notifier.dispatcher.run(notifier.desk.clock.at);
    await until(() => reached.length > 0 && dead.count() === 4);
    assert.deepEqual(reached, ['alive.example']);
    assert.equal(dead.count(), 4);
  });

  test('are told at once what waited when it was the mail server and it is back', async (t) => {
    const server = { isUp: false };
    const notifier = await openNotifier(t, {
      mail,
      senders: {
        mail: async () => (server.isUp ? { sent: true } : { sent: false, status: null, error: 'no', final: false }),
      },
    });
    await notifier.desk.asked();
    await notifier.follow();
    for (let passed = 0; passed < 20 * 60; passed += 10) {
      await notifier.send();
      notifier.desk.pass(10 * minute);
    }
    server.isUp = true;
    // A new mail shows that there is no need to wait for what is hours away.
    assert.ok((await notifier.deliveries()).every(({ next_at }) => next_at > notifier.desk.clock.at + hour));
    await notifier.desk.asked({ rules: ['base/disk'] });
    await notifier.follow();
    await notifier.send();
    notifier.desk.pass(5 * minute);
    await notifier.send();
    assert.ok((await notifier.deliveries()).every(({ state }) => state === 'done'));
  });

  test('are not told any more when it was for days, on the record; others are', async (t) => {
    const webhook: typeof sendWebhook = async ({ url, body }) =>
      url.host === 'mute.example' || body.includes('"details":{"broken":true}') ? { error: 'no connection' } : taken;
    const notifier = await openNotifier(t, { senders: { webhook } });
    const mute = await addHook(notifier, 'mute.example');
    const fussy = await addHook(notifier, 'fussy.example');
    for (const id of [mute, fussy]) await testHook(notifier, id);
    const [broken] = await rowsOf(notifier, fussy);
    assert.ok(broken);
    const body = JSON.stringify({ ...(JSON.parse(broken.body) as object), data: { broken: true } });
    await notifier.store.commit({ changes: [updateOne('deliveries', { id: broken.id }, { body })], audit: [] });
    for (let passed = 0; passed < 5 * 24; passed += 1) {
      if (passed % 20 === 0) await testHook(notifier, fussy);
      if (passed === 60) await testHook(notifier, mute, 3);
      await notifier.send();
      notifier.desk.pass(hour);
    }
    const { items } = (
      await notifier.notify<{ items: WebhookView[] }>('GET', '/v1/admin/webhooks', { as: notifier.ada })
    ).body;
    assert.deepEqual(
      items.map(({ label, enabled, disabledReason }) => [label, enabled, disabledReason]),
      [
        ['mute.example', false, 'It has taken nothing for days.'],
        ['fussy.example', true, null],
      ],
    );
    assert.equal((await rowsOf(notifier, fussy)).find(({ id }) => id === broken.id)?.state, 'failed');
    assert.deepEqual(
      (await rowsOf(notifier, mute)).map(({ state }) => state),
      ['failed', 'failed', 'failed', 'failed'],
    );
    await notifier.follow();
    assert.deepEqual(await notifier.typesFor(notifier.ada.id), ['webhook.disabled']);
  });
});

describe('a server that stops while it sends', () => {
  test('starts nothing more, logs no fault, and what it sent is sent again under its id', async (t) => {
    const logged: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void logged.push(line) });
    const slow = held<Attempt>(taken);
    const notifier = await openNotifier(t, { log });
    const id = await addHook(notifier, 'slow.example');
    await testHook(notifier, id, 3);
    const closed = { ...notifier.deps, store: { ...notifier.store } };
    const stopping = createDispatcher(closed, { webhook: () => slow.call(), mail: () => assert.fail() }, 0);
    await stopping.run(notifier.desk.clock.at);
    await until(() => slow.count() === 2);
    assert.equal(slow.count(), 2);
    await stopping.stop();
    closed.store.commit = () => Promise.reject(new Error('the store is closed'));
    slow.end();
    await stopping.idle();
    await stopping.run(notifier.desk.clock.at);
    assert.equal(slow.count(), 0);
    assert.deepEqual(logged, []);

    const sent: string[] = [];
    const webhook: typeof sendWebhook = async ({ headers }) => {
      sent.push(headers['webhook-id'] ?? '');
      return taken;
    };
    const next = createDispatcher(notifier.deps, { webhook, mail: () => assert.fail() });
    notifier.desk.pass(3 * minute);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await next.run(notifier.desk.clock.at);
      await next.idle();
    }
    assert.deepEqual(sent.toSorted(), (await rowsOf(notifier, id)).map((row) => row.id).toSorted());
  });

  test('waits for what ends soon, and it is not sent twice', async (t) => {
    const notifier = await openNotifier(t, { senders: { webhook: async () => taken } });
    const id = await addHook(notifier, 'quick.example');
    await testHook(notifier, id);
    await notifier.dispatcher.run(notifier.desk.clock.at);
    await notifier.dispatcher.stop();
    assert.deepEqual(
      (await rowsOf(notifier, id)).map(({ state }) => state),
      ['done'],
    );
  });
});
