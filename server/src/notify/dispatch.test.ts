import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { DeliveryView, WebhookView } from '@postern/shared/protocol/webhook';
import { day, hour, minute, second } from '@postern/shared/time';
import { createDispatcher } from './dispatch.ts';
import { retryAfterMs } from './retry-schedule.ts';
import type { sendWebhook } from './send-webhook.ts';
import { openNotifier, type Notifier } from './testing/notifier.ts';
import { startReceiver } from './testing/receiver.ts';

async function addHook({ notify, ada }: Notifier, url: string, more: object = {}): Promise<WebhookView> {
  const { status, body, code } = await notify<WebhookView>('POST', '/v1/admin/webhooks', {
    as: ada,
    body: { url, label: 'Tickets', ...more },
  });
  assert.equal(status, 201, code);
  return body;
}

const testHook = async ({ notify, ada }: Notifier, id: string) =>
  (await notify<{ delivery: string }>('POST', `/v1/admin/webhooks/${id}/test`, { as: ada })).body.delivery;

const listed = async ({ notify, ada }: Notifier, id: string) =>
  (await notify<{ items: DeliveryView[] }>('GET', `/v1/admin/webhooks/${id}/deliveries`, { as: ada })).body.items;

const audited = async ({ store }: Notifier, type: string) =>
  (await store.read.selectFrom('audit').select('entry').where('type', '=', type).execute()).map(({ entry }) => entry);

interface Call {
  host: string;
  id: string | undefined;
}

/** Stands in for the network: answers by host, and keeps who was asked. */
function scripted(answer: (host: string, count: number) => Awaited<ReturnType<typeof sendWebhook>>) {
  const calls: Call[] = [];
  const webhook: typeof sendWebhook = async ({ url, headers }) => {
    calls.push({ host: url.host, id: headers['webhook-id'] });
    return answer(url.host, calls.length);
  };
  return { webhook, calls };
}

describe('a webhook that takes messages', () => {
  test('gets them signed so that the library of the standard verifies them, under one id', async (t) => {
    const receiver = await startReceiver(t);
    const notifier = await openNotifier(t);
    notifier.desk.clock.at = Date.now();
    const { secret, id } = await addHook(notifier, receiver.url);
    assert.match(secret ?? '', /^whsec_[A-Za-z0-9+/]{43}=$/);
    await notifier.desk.asked({ justification: 'Because of <b>it</b> & more' });
    await notifier.follow();
    await notifier.send();
    const [received] = receiver.received;
    assert.ok(received);
    const verified = new Webhook(secret ?? '').verify(received.body, received.headers as Record<string, string>);
    const { type, timestamp, data } = verified as { type: string; timestamp: string; data: Record<string, unknown> };
    assert.equal(type, 'exception.requested');
    assert.equal(Date.parse(timestamp), notifier.desk.clock.at);
    assert.equal(data['text'], 'Because of <b>it</b> & more');
    const [delivery] = await listed(notifier, id);
    assert.deepEqual([delivery?.state, delivery?.status, delivery?.attempts], ['done', 200, 1]);
    assert.equal(received.headers['webhook-id'], delivery?.id);
    assert.throws(() =>
      new Webhook(secret ?? '').verify(`${received.body} `, received.headers as Record<string, string>),
    );
  });

  test('gets them signed with the old secret too for a day after it was changed', async (t) => {
    const receiver = await startReceiver(t);
    const notifier = await openNotifier(t);
    notifier.desk.clock.at = Date.now();
    const { secret: old, id } = await addHook(notifier, receiver.url);
    const answer = await notifier.notify<{ secret: string }>('POST', `/v1/admin/webhooks/${id}/secret`, {
      as: notifier.ada,
    });
    const { secret } = answer.body;
    assert.notEqual(secret, old);
    const verifies = async (given: string) => {
      await testHook(notifier, id);
      await notifier.send();
      const { body, headers } = receiver.received.at(-1) ?? assert.fail();
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      const expected = new Webhook(given).sign(String(headers['webhook-id']), at, body);
      return String(headers['webhook-signature']).split(' ').includes(expected);
    };
    assert.ok((await verifies(secret)) && (await verifies(old ?? '')));
    notifier.desk.pass(day + 1);
    assert.ok((await verifies(secret)) && !(await verifies(old ?? '')));
  });

  test('is Slack: gets blocks, no signature, and its address is shown and audited nowhere', async (t) => {
    const receiver = await startReceiver(t);
    const notifier = await openNotifier(t);
    const address = `${receiver.url}/T0/B0/very-secret`;
    const made = await addHook(notifier, address, { format: 'slack' });
    assert.equal(made.secret, undefined);
    await notifier.desk.asked();
    await notifier.follow();
    await notifier.send();
    const [received] = receiver.received;
    assert.equal(received?.path, '/hook/T0/B0/very-secret');
    assert.equal(received.headers['webhook-signature'], undefined);
    const { text, blocks } = JSON.parse(received.body) as { text: string; blocks: unknown[] };
    assert.equal(text, 'Erin asks for an exception');
    assert.equal(blocks.length, 4);
    assert.doesNotMatch(received.body, /deny/);
    const shown = await notifier.notify('GET', '/v1/admin/webhooks', { as: notifier.ada });
    const rows = await notifier.store.read.selectFrom('webhooks').selectAll().execute();
    for (const said of [shown.body, rows, await audited(notifier, 'webhook.created')])
      assert.doesNotMatch(JSON.stringify(said), /very-secret/);
  });
});

test('what an address asks for is shown, kept in the clear and audited nowhere', async (t) => {
  const notifier = await openNotifier(t);
  const { id, url } = await addHook(notifier, 'https://hooks.example/in?token=very-secret');
  assert.equal(url, 'https://hooks.example/in?…');
  await notifier.notify('PATCH', `/v1/admin/webhooks/${id}`, {
    as: notifier.ada,
    body: { url: 'https://hooks.example/on?token=very-secret' },
  });
  const rows = await notifier.store.read.selectFrom('webhooks').selectAll().execute();
  const audit = await notifier.store.read.selectFrom('audit').selectAll().execute();
  assert.equal(rows[0]?.url, 'https://hooks.example/on?…');
  assert.doesNotMatch(JSON.stringify([rows, audit]), /very-secret/);
});

describe('a webhook that does not take them', () => {
  test('is tried ten times over the hours of the standard, then given up, on the record', async (t) => {
    const { webhook, calls } = scripted(() => ({ status: 500, retryAfter: undefined }));
    const notifier = await openNotifier(t, { senders: { webhook } });
    const { id } = await addHook(notifier, 'https://hooks.example/');
    const delivery = await testHook(notifier, id);
    const waits = [
      0,
      5 * second,
      5 * minute,
      30 * minute,
      2 * hour,
      5 * hour,
      10 * hour,
      14 * hour,
      20 * hour,
      24 * hour,
    ];
    for (const [index, wait] of waits.entries()) {
      notifier.desk.pass(Math.max(0, wait - 1));
      await notifier.send();
      assert.equal(calls.length, index === 0 ? 1 : index, `not before its time, attempt ${index + 1}`);
      notifier.desk.pass(wait / 10 + 1);
      await notifier.send();
      assert.equal(calls.length, index + 1);
    }
    notifier.desk.pass(30 * day);
    await notifier.send();
    assert.equal(calls.length, 10);
    assert.equal(new Set(calls.map((call) => call.id)).size, 1);
    const [row] = await listed(notifier, id);
    assert.deepEqual([row?.state, row?.attempts, row?.status, row?.error], ['failed', 10, 500, 'it answered 500']);
    const [entry] = await audited(notifier, 'delivery.failed');
    assert.match(entry ?? '', new RegExp(delivery));
  });

  test('is not followed where it sends on to', async (t) => {
    const elsewhere = await startReceiver(t);
    const receiver = await startReceiver(t, (_received, response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    );
    const notifier = await openNotifier(t);
    const { id } = await addHook(notifier, receiver.url);
    await testHook(notifier, id);
    await notifier.send();
    const [row] = await listed(notifier, id);
    assert.deepEqual([row?.state, row?.status], ['waiting', 307]);
    assert.deepEqual(elsewhere.received, []);
  });

  test('and answers 410 is disabled; what waits for it is given up, and admins are told', async (t) => {
    const { webhook, calls } = scripted(() => ({ status: 410, retryAfter: undefined }));
    const notifier = await openNotifier(t, { senders: { webhook } });
    const { id } = await addHook(notifier, 'https://hooks.example/');
    for (let count = 0; count < 5; count += 1) await testHook(notifier, id);
    await notifier.send();
    assert.ok(calls.length <= 2, 'those that were under way');
    assert.ok((await listed(notifier, id)).every(({ state }) => state === 'failed'));
    const { items } = (
      await notifier.notify<{ items: WebhookView[] }>('GET', '/v1/admin/webhooks', { as: notifier.ada })
    ).body;
    assert.equal(items[0]?.enabled, false);
    assert.equal((await audited(notifier, 'webhook.disabled')).length, 1);
    await notifier.follow();
    assert.deepEqual(await notifier.typesFor(notifier.ada.id), ['webhook.disabled']);

    const enabled = await notifier.notify<WebhookView>('PATCH', `/v1/admin/webhooks/${id}`, {
      as: notifier.ada,
      body: { enabled: true },
    });
    assert.deepEqual([enabled.body.enabled, enabled.body.disabledReason], [true, null]);
  });

  test('and asks for patience gets it, a day of it at most', async (t) => {
    const { webhook, calls } = scripted(() => ({ status: 429, retryAfter: '3600' }));
    const notifier = await openNotifier(t, { senders: { webhook } });
    const { id } = await addHook(notifier, 'https://hooks.example/');
    await testHook(notifier, id);
    await notifier.send();
    notifier.desk.pass(hour - 1);
    await notifier.send();
    assert.equal(calls.length, 1);
    notifier.desk.pass(1);
    await notifier.send();
    assert.equal(calls.length, 2);
    assert.equal(retryAfterMs('Sat, 21 Nov 2026 10:00:00 GMT', Date.parse('2026-11-21T09:00:00Z')), hour);
    for (const nonsense of ['-1', '1e9', 'soon', '9'.repeat(70), '', undefined])
      assert.equal(retryAfterMs(nonsense, 0), 0);
  });

  test('and is slow keeps no other one waiting, and is not asked more than twice at once', async (t) => {
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    const asked: string[] = [];
    const webhook: typeof sendWebhook = async ({ url }) => {
      asked.push(url.host);
      if (url.host === 'slow.example') await held;
      return { status: 200, retryAfter: undefined };
    };
    const notifier = await openNotifier(t, { senders: { webhook } });
    const slow = await addHook(notifier, 'https://slow.example/');
    const quick = await addHook(notifier, 'https://quick.example/');
    for (let count = 0; count < 20; count += 1) await testHook(notifier, slow.id);
    for (let count = 0; count < 4; count += 1) await testHook(notifier, quick.id);
    const others = () => asked.filter((host) => host === 'quick.example').length;
    const deadline = performance.now() + 10_000;
    while (others() < 4 && performance.now() < deadline) {
      await notifier.dispatcher.run(notifier.desk.clock.at);
      await new Promise((done) => void setImmediate(done));
    }
    assert.equal(others(), 4);
    assert.equal(asked.filter((host) => host === 'slow.example').length, 2);
    release();
    await notifier.send();
    assert.ok((await listed(notifier, slow.id)).every(({ state }) => state === 'done'));
  });

  test('and was removed gets nothing more', async (t) => {
    const { webhook, calls } = scripted(() => ({ status: 200, retryAfter: undefined }));
    const notifier = await openNotifier(t, { senders: { webhook } });
    const { id } = await addHook(notifier, 'https://hooks.example/');
    await testHook(notifier, id);
    assert.equal((await notifier.notify('DELETE', `/v1/admin/webhooks/${id}`, { as: notifier.ada })).status, 204);
    await notifier.send();
    assert.deepEqual(calls, []);
    assert.equal(
      (await notifier.notify('POST', `/v1/admin/webhooks/${id}/test`, { as: notifier.ada })).code,
      'not_found',
    );
    assert.equal((await notifier.notify('DELETE', `/v1/admin/webhooks/${id}`, { as: notifier.ada })).code, 'not_found');
  });
});

describe('a delivery', () => {
  test('that a node died over is sent again by another one, after its claim, under the same id', async (t) => {
    const dead = scripted(() => assert.fail('killed while it was sent'));
    const notifier = await openNotifier(t, { senders: dead });
    const { id } = await addHook(notifier, 'https://hooks.example/');
    const delivery = await testHook(notifier, id);
    await notifier.send();
    const alive = scripted(() => ({ status: 200, retryAfter: undefined }));
    const other = createDispatcher(notifier.deps, { webhook: alive.webhook, mail: () => assert.fail() });
    await other.run(notifier.desk.clock.at);
    await other.idle();
    assert.equal(alive.calls.length, 0);
    notifier.desk.pass(3 * minute);
    await other.run(notifier.desk.clock.at);
    await other.idle();
    assert.deepEqual(
      alive.calls.map((call) => call.id),
      [delivery],
    );
  });

  test('is sent once more on demand when it was delivered or has failed, and not while it waits', async (t) => {
    const { webhook, calls } = scripted(() => ({ status: 200, retryAfter: undefined }));
    const notifier = await openNotifier(t, { senders: { webhook } });
    const { id } = await addHook(notifier, 'https://hooks.example/');
    const delivery = await testHook(notifier, id);
    const replay = () => notifier.notify('POST', `/v1/admin/deliveries/${delivery}/replay`, { as: notifier.ada });
    assert.equal((await replay()).code, 'delivery_state');
    await notifier.send();
    assert.equal((await replay()).status, 200);
    await notifier.send();
    assert.deepEqual(
      calls.map((call) => call.id),
      [delivery, delivery],
    );
    assert.equal((await audited(notifier, 'delivery.replayed')).length, 1);
    const auditor = { ...notifier.bob, roles: ['auditor' as const] };
    const all = await notifier.notify<{ items: DeliveryView[] }>('GET', '/v1/admin/deliveries', { as: auditor });
    assert.equal(all.body.items.length, 1);
    const refused = await notifier.notify('POST', `/v1/admin/deliveries/${delivery}/replay`, { as: auditor });
    assert.equal(refused.code, 'not_allowed');
  });
});
