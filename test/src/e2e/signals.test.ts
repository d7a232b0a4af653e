import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { hour, second } from '@postern/shared/time';
import { sendRaw } from '../support/raw-http.ts';
import { startBackend } from '../support/backend.ts';
import { firewallPolicy } from '../support/http-device.ts';
import { attested, resource } from '../support/scene.ts';
import {
  type GatewayAccount,
  type Heard,
  manage,
  type Receiver,
  startPolling,
  startPushed,
} from '../support/signal-receivers.ts';

/** A server that pushes to this machine, a device in order, and an account for each gateway that is asked for. */
async function openScene(t: TestContext) {
  const backend = await startBackend(t, { POSTERN_WEBHOOK_HOSTS: '127.0.0.1' });
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  const account = async (resources: readonly string[] = [resource]): Promise<GatewayAccount> => {
    const { body } = await admin.post('/v1/admin/gateways', { name: 'Receiver', resources });
    return { id: String(body['id']), secret: String(body['secret']) };
  };
  const polled = async () => started(t, await startPolling(backend.url, await account()));
  const pushed = async () => started(t, await startPushed(backend.url, await account()));
  return { backend, admin, account, polled, pushed };
}

function started<Some extends Receiver>(t: TestContext, receiver: Some): Some {
  t.after(() => receiver.stop());
  return receiver;
}

/** The first that is so; soon it is there, or it never comes. */
async function hears({ heard }: Receiver, isIt: (heard: Heard) => boolean): Promise<Heard> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await wait(5)) {
    const found = heard.find(isIt);
    if (found !== undefined) return found;
  }
  assert.fail(`never heard; ${JSON.stringify(heard.map(({ type, event }) => ({ type, event })))}`);
}

const isCompliance = (status: string) => (heard: Heard) =>
  heard.type === 'device-compliance-change' && heard.event['current_status'] === status;

describe('receivers', () => {
  test('hear of a device that fails, of its token that is revoked and of it being retired, with signatures that hold', async (t) => {
    const { backend, admin, account, polled, pushed } = await openScene(t);
    const receivers = [await polled(), await pushed()];
    const device = await attested(backend, admin);
    const { id } = device.fake;
    const token = await device.accessToken();
    const gateway = await backend.gateway(admin, resource);
    for (const receiver of receivers) await hears(receiver, isCompliance('compliant'));
    await gateway.revoke(token);
    await device.attest({}, device.firewallOff());
    await admin.post(`/v1/admin/devices/${id}/retire`, { reason: 'It is broken' });
    for (const receiver of receivers) {
      const failed = await hears(receiver, isCompliance('not-compliant'));
      assert.equal(failed.device, id);
      assert.match((failed.event['reason_admin'] as { en: string }).en, /baseline\/firewall/);
      const revoked = await hears(receiver, ({ session }) => session?.startsWith('tok_') === true);
      assert.deepEqual([revoked.type, revoked.device], ['session-revoked', id]);
      const key = await hears(receiver, ({ event }) => event['change_type'] === 'revoke');
      assert.equal(key.event['credential_type'], 'device-key');
      assert.deepEqual(receiver.refused, []);
      assert.equal(new Set(receiver.heard.map(({ jti }) => jti)).size, receiver.heard.length);
    }
    const elsewhere = await account(['https://elsewhere.example']);
    assert.deepEqual((await manage(backend.url, elsewhere, 'GET', '/ssf/streams')).body, []);
  });

  test('hear at once when an exception runs out, although nobody does anything', async (t) => {
    const { backend, admin, polled } = await openScene(t);
    const receiver = await polled();
    const device = await attested(backend, admin);
    const bob = await backend.person('bob@example.org', ['approver']);
    await device.attest({}, device.firewallOff());
    const wish = { rules: ['baseline/firewall'], duration: '20m', justification: 'Customers are here' };
    const { body: asked } = await device.call('POST', '/v1/exceptions', wish);
    const path = `/v1/admin/exceptions/${String(asked['id'])}/approve`;
    assert.equal((await bob.post(path, { requestHash: asked['requestHash'] })).status, 200);
    await device.accessToken();
    backend.clock.advance(hour / 3);
    const ended = await hears(receiver, ({ session }) => session === asked['id']);
    assert.equal(ended.type, 'session-revoked');
    await hears(receiver, isCompliance('not-compliant'));
    assert.equal(receiver.heard.findLast(isCompliance('not-compliant'))?.device, device.fake.id);
  });

  test('get what waited when the server was away, and a poll that waits does not keep it from stopping', async (t) => {
    const { backend, admin, account } = await openScene(t);
    const device = await attested(backend, admin);
    const own = await account();
    const made = await manage(backend.url, own, 'POST', '/ssf/streams', {});
    assert.equal(made.status, 201);
    const polling = manage(backend.url, own, 'POST', '/ssf/poll', {});
    await wait(100);
    const stopped = backend.server.stop();
    const { status, body } = await polling;
    assert.deepEqual([status, body['sets']], [200, {}]);
    await stopped;
    const { server } = await startBackend(t, { ...backend.env });
    const again = { url: server.url };
    const suspended = await fetch(`${again.url}/v1/admin/devices/${device.fake.id}/suspend`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'It was lost' }),
    });
    assert.equal(suspended.status, 200);
    const next = await manage(again.url, own, 'POST', '/ssf/poll', {});
    assert.ok(Object.keys(next.body['sets'] as object).length > 0);
  });
});

describe('the transmitter', () => {
  test('says what it is, and that its keys are RSA', async (t) => {
    const { backend } = await openScene(t);
    const { url } = backend;
    const metadata = (await (await fetch(`${url}/.well-known/ssf-configuration`)).json()) as Record<string, unknown>;
    assert.equal(metadata['issuer'], url);
    assert.equal(metadata['spec_version'], '1_0');
    assert.deepEqual(metadata['delivery_methods_supported'], ['urn:ietf:rfc:8935', 'urn:ietf:rfc:8936']);
    for (const name of ['configuration_endpoint', 'status_endpoint', 'verification_endpoint'])
      assert.ok(String(metadata[name]).startsWith(`${url}/ssf/`), name);
    assert.equal(metadata['jwks_uri'], `${url}/ssf/jwks.json`, 'apart from those of access tokens');
    const answer = await fetch(metadata['jwks_uri']);
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=600');
    const { keys } = (await answer.json()) as { keys: { alg?: string; n?: string }[] };
    assert.deepEqual(
      keys.map(({ alg }) => alg),
      ['RS256'],
    );
    assert.ok(Buffer.from(keys[0]?.n ?? '', 'base64url').length >= 256, '2048 bits at least');
    assert.equal(JSON.stringify(keys).includes('"d"'), false);
  });

  test('lets in only gateways that are there, by their secret', async (t) => {
    const { backend, admin, account } = await openScene(t);
    const own = await account();
    for (const wrong of [
      { ...own, secret: `${own.secret}x` },
      { id: 'gw_00000000000000000000000000000000', secret: own.secret },
    ]) {
      const answer = await manage(backend.url, wrong, 'GET', '/ssf/streams');
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /);
    }
    for (const [method, path] of [
      ['GET', '/ssf/streams'],
      ['POST', '/ssf/streams'],
      ['POST', '/ssf/poll'],
      ['POST', '/ssf/verify'],
    ] as const) {
      const { status } = await sendRaw(backend.url, { method, path, headers: [] });
      assert.equal(status, 401, `${method} ${path}`);
    }
    await manage(backend.url, own, 'POST', '/ssf/streams', {});
    assert.equal((await admin.call('DELETE', `/v1/admin/gateways/${own.id}`)).status, 204);
    assert.equal((await manage(backend.url, own, 'POST', '/ssf/poll', {})).status, 401);
  });

  test('takes access tokens as well: for signals and nothing else, within their scope and time', async (t) => {
    const { backend, admin, account } = await openScene(t);
    const own = await account();
    const ask = async (form: Record<string, string>) => {
      const answer = await fetch(`${backend.url}/ssf/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${own.id}:${own.secret}`).toString('base64')}` },
        body: new URLSearchParams(form),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, string> };
    };
    const grant = { grant_type: 'client_credentials' };
    const call = async (token: string, method: string, path: string, body?: object) => {
      const answer = await fetch(`${backend.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, challenge: answer.headers.get('www-authenticate') };
    };
    const { body: whole } = await ask(grant);
    assert.deepEqual([whole['token_type'], whole['scope']], ['Bearer', 'ssf.read ssf.manage']);
    const { body: reads } = await ask({ ...grant, scope: 'ssf.read' });
    const [manageToken, readToken] = [whole['access_token'] ?? '', reads['access_token'] ?? ''];
    const denied = await call(readToken, 'POST', '/ssf/streams', {});
    assert.deepEqual(denied, { status: 403, challenge: 'Bearer realm="postern", error="insufficient_scope"' });
    assert.equal((await call(manageToken, 'POST', '/ssf/streams', {})).status, 201);
    assert.equal((await call(readToken, 'GET', '/ssf/streams')).status, 200);
    assert.equal((await call(readToken, 'POST', '/ssf/poll', { maxEvents: 0 })).status, 200);
    for (const form of [{ ...grant, scope: 'ssf.read admin' }, { grant_type: 'password' }])
      assert.equal((await ask(form)).status, 400);

    const device = await attested(backend, admin);
    const ofDevice = await device.accessToken();
    const tampered = `${manageToken.slice(0, -4)}AAAA`;
    for (const wrong of [ofDevice, tampered, 'x.y.z', admin.token ?? '']) {
      const { status, challenge } = await call(wrong, 'GET', '/ssf/streams');
      assert.equal(status, 401);
      assert.match(challenge ?? '', /^Bearer .*invalid_token|^Basic /);
    }
    assert.equal((await call(manageToken, 'GET', '/v1/admin/streams')).status, 401);
    const introspected = await backend.gateway(admin, resource);
    assert.deepEqual(await introspected.introspect(manageToken), { active: false });
    const form = new URLSearchParams(grant);
    const again = await fetch(`${backend.url}/ssf/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${manageToken}` },
      body: form,
    });
    assert.equal(again.status, 401, 'a token gets no other one');
    assert.equal((await admin.call('DELETE', `/v1/admin/gateways/${own.id}`)).status, 204);
    assert.equal((await call(manageToken, 'GET', '/ssf/streams')).status, 401);
    backend.clock.advance(10 * 60 * second);
    assert.equal((await call(readToken, 'GET', '/ssf/streams')).status, 401);
  });

  test('sends a verification event when it is asked to, to whom it is for', async (t) => {
    const { backend, admin, account } = await openScene(t);
    const own = await account();
    const receiver = started(t, await startPushed(backend.url, own));
    const ask = () => manage(backend.url, own, 'POST', '/ssf/verify', { stream_id: receiver.stream, state: 'abc' });
    assert.equal((await ask()).status, 204);
    const { event } = await hears(receiver, ({ type }) => type === 'verification');
    assert.deepEqual(event, { state: 'abc' });
    const again = await ask();
    assert.deepEqual([again.status, Number(again.headers.get('retry-after')) > 0], [429, true]);
    const tested = await admin.call('POST', `/v1/admin/streams/${receiver.stream}/test`);
    assert.equal(tested.status, 202);
    await hears(receiver, ({ type, event: said }) => type === 'verification' && !('state' in said));
    const { body } = await admin.get('/v1/admin/streams');
    const [shown] = body['items'] as Record<string, unknown>[];
    assert.deepEqual([shown?.['gateway'], shown?.['status'], shown?.['lastError']], [own.id, 'enabled', null]);
    assert.equal(JSON.stringify(body).includes('what-the-receiver-wants'), false);
  });
});

describe('a push receiver that misbehaves', () => {
  const answers: Record<string, (response: ServerResponse) => void> = {
    'redirects to the metadata of a cloud': (response) =>
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    'answers without end': (response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.on('error', () => undefined);
      const more = () => {
        while (response.writable && response.write('x'.repeat(16_384)));
        if (response.writable) response.once('drain', more);
      };
      more();
    },
    'writes what would be read by somebody': (response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"err":"<script>alert(1)</script>"}'),
    'breaks off': (response) => void response.destroy(),
  };
  for (const [how, answer] of Object.entries(answers))
    test(`and ${how} is recorded as failing, in our words, and tried again`, async (t) => {
      const { backend, admin, account } = await openScene(t);
      const seen: (string | undefined)[] = [];
      const server = createServer((request, response) => {
        seen.push(request.url);
        request.resume().on('end', () => answer(response));
      });
      await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
      t.after(() => {
        server.closeAllConnections();
        server.close();
      });
      const { port } = server.address() as AddressInfo;
      const delivery = { method: 'urn:ietf:rfc:8935', endpoint_url: `http://127.0.0.1:${port}/events` };
      const own = await account();
      const made = await manage(backend.url, own, 'POST', '/ssf/streams', { delivery });
      await manage(backend.url, own, 'POST', '/ssf/verify', { stream_id: made.body['stream_id'] });
      const health = async () => ((await admin.get('/v1/admin/streams')).body['items'] as Record<string, unknown>[])[0];
      for (const deadline = performance.now() + 10_000; performance.now() < deadline; await wait(20))
        if ((await health())?.['lastError'] !== null) break;
      const { lastError, failingSince, waiting } = (await health()) ?? {};
      assert.match(String(lastError), /^(no connection|it answered 307|it refused: an error that is not of RFC 8935)/);
      assert.deepEqual([typeof failingSince, waiting], ['string', 1]);
      backend.clock.advance(10 * second);
      for (const deadline = performance.now() + 10_000; performance.now() < deadline; await wait(20))
        if (seen.length > 1) break;
      assert.deepEqual(seen.slice(0, 2), ['/events', '/events']);
    });
});
