import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type LookupFunction } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pushEvent } from '@postern/server/signals/push';
import { sendWebhook } from '@postern/server/notify/send-webhook';
import { startReceiver } from '@postern/server/notify/testing/receiver';
import { openScene } from '../support/scene.ts';
import { manage } from '../support/signal-receivers.ts';
import { newGateway } from '../support/verify-scene.ts';
import { checks } from './checks.ts';

const push = 'urn:ietf:rfc:8935';

/** Somebody on this machine whom nobody may reach: counts who tries. */
async function startInside(t: TestContext) {
  const inside = { port: 0, reached: 0 };
  const server = createServer((socket) => {
    inside.reached += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  t.after(() => void server.close());
  inside.port = (server.address() as AddressInfo).port;
  return inside;
}

checks(
  'webhook/SSF push SSRF',
  'nothing inside is reached: not by address, by name, by redirect, nor by an answer without end',
  async (t) => {
    // An answer that never comes is waited for 5 s; all else is looked at meanwhile.
    const silent = await startReceiver(t, () => undefined);
    const given = { token: 'x.y.z', authorization: undefined, namedHosts: ['127.0.0.1'] };
    const begun = performance.now();
    const late = pushEvent({ ...given, endpoint: silent.url }, 0).then((outcome) => ({
      outcome,
      ms: performance.now() - begun,
    }));

    const { backend, admin } = await openScene(t);
    const account = accountOf(await newGateway(admin));
    const inside = await startInside(t);
    const addresses = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '0.0.0.0',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.0.1',
      '100.64.0.1',
      '169.254.169.254',
      '168.63.129.16',
      '224.0.0.1',
      '255.255.255.255',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:a9fe:a9fe]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
      '[fd00:ec2::254]',
    ];
    const refused = [
      ...addresses.map((host) => `https://${host}:${inside.port}/`),
      `http://hooks.example:${inside.port}/`,
      `https://user:secret@hooks.example/`,
      'https://hooks.example/#x',
      'file:///etc/passwd',
      'gopher://hooks.example/',
      `ftp://hooks.example/`,
    ];
    for (const url of refused) {
      const hook = await admin.post('/v1/admin/webhooks', { label: 'Hook', url });
      assert.deepEqual([hook.status, hook.body['error_code']], [400, 'webhook_address_refused'], url);
      const stream = await manage(backend.url, account, 'POST', '/ssf/streams', {
        delivery: { method: push, endpoint_url: url },
      });
      assert.deepEqual([stream.status, stream.body['error_code']], [400, 'stream_address_refused'], url);
    }
    // A name is looked up when it is connected to: this one leads here.
    const url = `https://localhost:${inside.port}/`;
    const hook = await admin.post('/v1/admin/webhooks', { label: 'Hook', url });
    assert.equal(hook.status, 201, JSON.stringify(hook.body));
    assert.equal((await admin.call('POST', `/v1/admin/webhooks/${String(hook.body['id'])}/test`)).status, 202);
    const stream = await manage(backend.url, account, 'POST', '/ssf/streams', {
      delivery: { method: push, endpoint_url: url, authorization_header: 'Bearer secret' },
    });
    assert.equal(stream.status, 201, JSON.stringify(stream.body));
    assert.equal(
      (await manage(backend.url, account, 'POST', '/ssf/verify', { stream_id: stream.body['stream_id'] })).status,
      204,
    );
    await backend.server.jobs.run('send messages');
    assert.match(
      await until(
        () => admin.get(`/v1/admin/webhooks/${String(hook.body['id'])}/deliveries`),
        /inside of this network/,
      ),
      /./,
    );
    assert.match(await until(() => admin.get('/v1/admin/streams'), /inside of this network/), /./);
    assert.equal(inside.reached, 0, 'nobody came');
    // What a resolver in the hands of an attacker says is looked at once, and that is what is connected to.
    const lookups: string[] = [];
    const resolving =
      (...found: string[]): LookupFunction =>
      (host, options, callback) => {
        lookups.push(host);
        const all = found.map((address) => ({ address, family: 4 }));
        if (options.all === true) callback(null, all);
        else callback(null, all[0]?.address ?? '', 4);
      };
    const sending = {
      url: new URL(`https://hooks.example:${inside.port}/`),
      headers: {},
      body: '{}',
      webhookHosts: [],
    };
    for (const found of [['127.0.0.1'], ['192.0.2.1', '127.0.0.1'], ['169.254.169.254']])
      assert.deepEqual(await sendWebhook(sending, { lookup: resolving(...found) }), {
        error: 'the host is inside of this network',
      });
    assert.equal(lookups.length, 3);
    assert.equal(inside.reached, 0);

    // A redirect leads nowhere, though the one who sends it is named by the operator.
    for (const status of [301, 302, 303, 307, 308]) {
      const receiver = await startReceiver(
        t,
        (_received, response) =>
          void response.writeHead(status, { location: `http://127.0.0.1:${inside.port}/` }).end(),
      );
      const outcome = await pushEvent({ ...given, endpoint: receiver.url }, 0);
      assert.deepEqual([outcome.kind, receiver.received.length], ['failed', 1], `${status}`);
      const sent = await sendWebhook({ ...sending, url: new URL(receiver.url), webhookHosts: ['127.0.0.1'] });
      assert.deepEqual(sent, { status, retryAfter: undefined });
    }
    assert.equal(inside.reached, 0);
    // An answer without end is read up to 64 kB, and then the line is cut.
    let written = 0;
    const cut = Promise.withResolvers<void>();
    const endless = await startReceiver(t, (_received, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(16_384))) written += 16_384;
      };
      response
        .on('drain', more)
        .on('close', cut.resolve)
        .on('error', () => undefined);
      more();
    });
    const overrun = await pushEvent({ ...given, endpoint: endless.url }, 0);
    assert.equal(overrun.kind, 'refused');
    await cut.promise;
    assert.ok(written < 16_000_000, `${written} bytes`);
    // What a receiver writes is shown to nobody.
    const talkative = await startReceiver(
      t,
      (_received, response) => void response.writeHead(400).end('{"err":"<script>","description":"secret of inside"}'),
    );
    assert.doesNotMatch(
      JSON.stringify(await pushEvent({ ...given, endpoint: talkative.url }, 0)),
      /secret of inside|script/,
    );
    const { outcome, ms } = await late;
    assert.equal(outcome.kind, 'failed');
    assert.ok(ms > 4000 && ms < 8000, `${ms} ms`);
  },
);

function accountOf(credentials: string): { id: string; secret: string } {
  const [id = '', secret = ''] = credentials.split(':');
  return { id, secret };
}

/** Looks again and again until the answer says so. */
async function until(look: () => Promise<{ body: unknown }>, what: RegExp): Promise<string> {
  for (let tries = 0; tries < 500; tries += 1) {
    const text = JSON.stringify((await look()).body);
    if (what.test(text)) return text;
    await wait(10);
  }
  return assert.fail(`never said ${what}`);
}
