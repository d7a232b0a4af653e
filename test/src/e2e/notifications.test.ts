import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { reading } from '@postern/server/attestation/testing/readings';
import { startMailServer } from '@postern/server/notify/testing/mail-server';
import { type Received, startReceiver, verified } from '@postern/server/notify/testing/receiver';
import { minute } from '@postern/shared/time';
import { onBothStores } from '../contract/both-stores.ts';
import { Api } from '../support/api.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Told {
  type: string;
  data: { title: string; subject: { id: string } | null; text: string | null };
}

/** A send goes over real sockets: it is done when it is, and never takes this long. */
const patienceMs = 20_000;

/** Runs what runs beside the requests, until nothing more comes of it. */
async function settle({ server }: Backend, isDone: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  do {
    await server.jobs.run('tell of what happened');
    await server.jobs.run('send messages');
    // The jobs alone leave no room for the sockets.
    await turn();
  } while (!isDone() && performance.now() < deadline);
  assert.ok(isDone(), 'what was to be sent was not');
}

async function failingDevice(backend: Backend): Promise<HttpDevice> {
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  const erin = await backend.person('erin@example.org', ['employee', 'admin']);
  const device = await HttpDevice.enroll(backend, erin);
  const firewall = reading({ enabled: false, provider: 'ufw' }, backend.clock.now());
  assert.equal((await device.attest({}, { firewall })).status, 200);
  return device;
}

const wish = { rules: ['baseline/firewall'], duration: '1h', justification: 'The <b>VPN</b> needs it off' };
const bodies = (received: readonly Received[]) => received.map(({ body }) => JSON.parse(body) as Told);

async function addHook(backend: Backend, url: string, more: object = {}) {
  const admin = await backend.person('ada@example.org', ['admin']);
  const { status, body } = await admin.post('/v1/admin/webhooks', { url, label: 'Tickets', ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return { admin, id: String(body['id']), secret: String(body['secret']) };
}

onBothStores('a request reaches programs, people and their mail, and is denied by the link', async (t, database) => {
  const receiver = await startReceiver(t);
  const { mail, mails } = await startMailServer(t);
  const backend = await startBackend(t, {
    POSTERN_DATABASE_URL: database.url,
    POSTERN_WEBHOOK_HOSTS: '127.0.0.1',
    POSTERN_MAIL_SERVER: mail.mailServer,
    POSTERN_MAIL_FROM: mail.from,
  });
  const device = await failingDevice(backend);
  const bob = await backend.person('bob@example.org', ['approver']);
  const { secret } = await addHook(backend, receiver.url, { events: ['exception.requested', 'exception.denied'] });
  await settle(backend, () => true);
  const asked = await device.call('POST', '/v1/exceptions', wish);
  assert.equal(asked.status, 201, JSON.stringify(asked.body));
  // Quoted-printable breaks long lines.
  const textOf = ({ raw }: { raw: string }) => raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  const toBob = () =>
    mails.find((mail) => mail.to.includes('bob@example.org') && textOf(mail).includes('/console/deny#'));
  await settle(backend, () => receiver.received.length >= 1 && toBob() !== undefined);

  const [first] = receiver.received;
  assert.ok(first);
  const told = verified<Told>(secret, first);
  assert.deepEqual(
    [told.type, told.data.subject?.id, told.data.text],
    ['exception.requested', asked.body['id'], wish.justification],
  );
  assert.ok(
    !mails.some((mail) => mail.to.includes('erin@example.org') && textOf(mail).includes('deny#')),
    'never who asked',
  );

  const notices = (await bob.get('/v1/me/notices')).body['items'] as { type: string }[];
  assert.ok(notices.some(({ type }) => type === 'exception.requested'));
  const code = /console\/deny#([\w-]+\.[\w-]+)/.exec(textOf(toBob() ?? assert.fail()))?.[1];
  const anybody = new Api(backend.url);
  assert.equal((await anybody.post('/v1/deny-links', { code: `${code}x` })).status, 400);
  assert.equal((await anybody.post('/v1/deny-links', { code, reason: 'Use the other laptop' })).status, 204);
  assert.equal((await anybody.post('/v1/deny-links', { code })).body['error_code'], 'deny_link_invalid');

  await settle(backend, () => receiver.received.length >= 2);
  assert.deepEqual(
    bodies(receiver.received).map(({ type }) => type),
    ['exception.requested', 'exception.denied'],
  );
  const shown = (await device.call('GET', '/v1/notices')).body['items'] as { type: string; text: string | null }[];
  assert.ok(shown.some(({ type, text }) => type === 'exception.denied' && text === 'Use the other laptop'));
});

/** The same folder and database, started again and again. */
function restartable(t: TestContext, url: string) {
  const env = {
    POSTERN_DATABASE_URL: url,
    POSTERN_DATA: temporaryFolder(t, 'notifications'),
    POSTERN_WEBHOOK_HOSTS: '127.0.0.1',
  };
  return () => startBackend(t, env);
}

onBothStores('what was not told or not sent before the end of a server is, once, after it', async (t, database) => {
  const answers = { status: 503 };
  const receiver = await startReceiver(t, (_received, response) => response.writeHead(answers.status).end());
  const start = restartable(t, database.url);
  const first = await start();
  const { id, admin } = await addHook(first, receiver.url, { events: ['policy.published', 'webhook.test'] });
  await settle(first, () => true);
  await admin.post(`/v1/admin/webhooks/${id}/test`, undefined);
  await settle(first, () => receiver.received.length === 1);
  // Committed, and nobody has followed the audit since.
  await first.publish(firewallPolicy, admin);
  await first.server.stop();

  answers.status = 200;
  const second = await start();
  second.clock.advance(10 * minute);
  await settle(second, () => receiver.received.length >= 3);
  await settle(second, () => true);
  const sent = receiver.received.map(({ headers }) => String(headers['webhook-id']));
  assert.equal(sent.filter((each) => each === sent[0]).length, 2, 'the one that failed came again under its id');
  assert.equal(new Set(sent).size, 2);
  assert.deepEqual(
    bodies(receiver.received)
      .map(({ type }) => type)
      .toSorted(),
    ['policy.published', 'webhook.test', 'webhook.test'],
  );
});

onBothStores('a webhook into this network is refused when it is added and when it is called', async (t, database) => {
  const receiver = await startReceiver(t);
  const backend = await startBackend(t, { POSTERN_DATABASE_URL: database.url });
  const admin = await backend.person('ada@example.org', ['admin']);
  for (const url of [
    receiver.url,
    receiver.url.replace('http:', 'https:'),
    'https://169.254.169.254/latest/',
    'https://[::1]/',
  ]) {
    const { status, body } = await admin.post('/v1/admin/webhooks', { url, label: 'In here' });
    assert.deepEqual([status, body['error_code']], [400, 'webhook_address_refused']);
  }
  const made = await admin.post('/v1/admin/webhooks', { url: `https://localhost:${receiver.port}/`, label: 'By name' });
  assert.equal(made.status, 201);
  const path = `/v1/admin/webhooks/${String(made.body['id'])}`;
  await admin.post(`${path}/test`, undefined);
  const errors: unknown[] = [];
  const deadline = performance.now() + patienceMs;
  while (errors.length === 0 && performance.now() < deadline) {
    await backend.server.jobs.run('send messages');
    await turn();
    const { items } = (await admin.get(`${path}/deliveries`)).body as { items: { error: string | null }[] };
    errors.push(...items.flatMap(({ error }) => error ?? []));
  }
  assert.deepEqual(errors, ['the host is inside of this network']);
  assert.deepEqual(receiver.received, []);
});
