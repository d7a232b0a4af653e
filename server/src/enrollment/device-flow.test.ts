import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minute, second } from '@postern/shared/time';
import { FakeDevice } from '../attestation/testing/fake-device.ts';
import { issuer, openTestBackend, type TestBackend } from '../attestation/testing/test-backend.ts';

interface Authorization {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

async function waiting(backend: TestBackend) {
  const device = await FakeDevice.make(issuer);
  const { body } = await backend.call<Authorization>('POST', '/oauth/device_authorization', {
    body: { client_id: 'postern-agent', device_name: "Bob's book", unknown: 'ignored' },
    from: '198.51.100.7',
  });
  const poll = async () => await backend.begin(device, { device_code: body.device_code });
  const decide = async (decision: string, as = backend.bob, user_code = body.user_code) =>
    await backend.call('POST', '/v1/admin/device-codes', { as, body: { user_code, decision } });
  return { device, codes: body, poll, decide };
}

describe('a device that asks a person', () => {
  it('waits for an admin too, where the backend is told so', async (t) => {
    const backend = await openTestBackend(t, { settings: { deviceFlowPending: true } });
    const { device, poll, decide } = await waiting(backend);
    await decide('approve');
    const finished = await backend.finish(device, (await poll()).body);
    assert.equal(finished.body.state, 'pending');
    device.id = finished.body.deviceId;
    assert.equal((await backend.attest(device)).body.error_code, 'device_pending');
    device.position = { seq: 1, hash: null };
    await backend.act(device, 'admit');
    assert.equal((await backend.attest(device)).status, 200);
  });

  it('shows a code, waits, and belongs to whoever approves it', async (t) => {
    const backend = await openTestBackend(t);
    const { device, codes, poll, decide } = await waiting(backend);
    assert.match(codes.user_code, /^[B-Z]{4}-[B-Z]{4}$/);
    assert.equal(codes.verification_uri, `${issuer}/console/device`);
    assert.equal(codes.verification_uri_complete, `${issuer}/console/device?user_code=${codes.user_code}`);
    assert.deepEqual([codes.expires_in, codes.interval], [600, 5]);

    const pending = await poll();
    assert.deepEqual([pending.status, pending.body.error_code], [400, 'authorization_pending']);
    backend.pass(minute);
    const seen = await backend.call('GET', `/v1/admin/device-codes/${codes.user_code.toLowerCase()}`, {
      as: backend.bob,
    });
    assert.deepEqual(seen.body, {
      userCode: codes.user_code,
      deviceName: "Bob's book",
      remoteAddress: '198.51.100.7',
      sameAddress: false,
      requestedAt: new Date(backend.clock.at - minute).toISOString(),
      expiresAt: new Date(backend.clock.at + 9 * minute).toISOString(),
      signIn: null,
    });
    const fromThere = { as: backend.bob, from: '198.51.100.7' };
    const beside = await backend.call<{ sameAddress: boolean }>(
      'GET',
      `/v1/admin/device-codes/${codes.user_code}`,
      fromThere,
    );
    assert.equal(beside.body.sameAddress, true);
    assert.equal((await decide('approve', backend.bob, codes.user_code.replace('-', ' ').toLowerCase())).status, 204);

    const begun = await poll();
    assert.equal(begun.status, 201);
    const finished = await backend.finish(device, begun.body);
    assert.equal(finished.status, 201);
    assert.deepEqual(finished.body.owner, { id: backend.bob.id, name: 'Bob' });
    assert.equal((await poll()).body.error_code, 'code_expired');
    const [entry] = await backend.audited('device-code.decided');
    assert.equal(entry?.data['decision'], 'approve');
  });

  it('hears that it was refused, also in the words of RFC 8628', async (t) => {
    const backend = await openTestBackend(t);
    const { poll, decide } = await waiting(backend);
    await decide('deny');
    const answer = await poll();
    assert.deepEqual(
      [answer.status, answer.body.error_code, (answer.body as { error?: string }).error],
      [400, 'code_denied', 'access_denied'],
    );
  });

  it('hears that the code is too old, and nobody can approve it then', async (t) => {
    const backend = await openTestBackend(t);
    const { poll, decide } = await waiting(backend);
    backend.pass(10 * minute);
    assert.equal((await poll()).body.error_code, 'code_expired');
    assert.equal((await decide('approve')).body['error_code'], 'user_code_invalid');
  });

  it('is told to slow down when it asks too often, by five seconds each time', async (t) => {
    const backend = await openTestBackend(t);
    const { poll } = await waiting(backend);
    const ask = async (after: number) => {
      backend.pass(after);
      const { body } = await poll();
      return [body.error_code, (body as { interval?: number }).interval];
    };
    assert.deepEqual(await ask(0), ['authorization_pending', 5]);
    assert.deepEqual(await ask(5 * second), ['authorization_pending', 5]);
    assert.deepEqual(await ask(5 * second - 1), ['slow_down', 10]);
    assert.deepEqual(await ask(5 * second), ['slow_down', 15]);
    assert.deepEqual(await ask(15 * second), ['authorization_pending', 15]);
  });

  it('can use an approval for one device only', async (t) => {
    const backend = await openTestBackend(t);
    const { device, codes, poll, decide } = await waiting(backend);
    await decide('approve');
    const other = await FakeDevice.make(issuer);
    const [one, two] = [await poll(), await backend.begin(other, { device_code: codes.device_code })];
    const answers = await Promise.all([backend.finish(device, one.body), backend.finish(other, two.body)]);
    assert.deepEqual(answers.map(({ body }) => body.error_code ?? 'enrolled').sort(), ['code_expired', 'enrolled']);
  });

  it('is decided once', async (t) => {
    const backend = await openTestBackend(t);
    const { decide } = await waiting(backend);
    const answers = await Promise.all([decide('approve'), decide('deny', backend.ada)]);
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([204, 404]));
    assert.equal((await decide('deny')).status, 404);
  });

  it('is not found under a code that nobody was shown', async (t) => {
    const backend = await openTestBackend(t);
    const { codes } = await waiting(backend);
    const other = codes.user_code.startsWith('B') ? 'CCCC-CCCC' : 'BBBB-BBBB';
    for (const code of [other, 'AAAA-AAAA', '1', "'; drop--"]) {
      const { status, body } = await backend.call('GET', `/v1/admin/device-codes/${code}`, { as: backend.bob });
      assert.deepEqual([status, body['error_code']], [404, 'user_code_invalid']);
    }
    const device = await FakeDevice.make(issuer);
    assert.equal((await backend.begin(device, { device_code: 'x'.repeat(43) })).body.error_code, 'code_expired');
  });

  it('gets another code when the first one drawn is taken', async (t) => {
    const draws = [...Array<number>(8).fill(0), ...Array<number>(8).fill(0), ...Array<number>(8).fill(1)];
    const backend = await openTestBackend(t);
    backend.deps.random = { ...backend.deps.random, integer: () => draws.shift() ?? 2 };
    const { authorizeDevice } = await import('../device-codes/index.ts');
    const ask = async () =>
      await authorizeDevice(backend.deps, { deviceName: null, remoteAddress: '::1', signIn: null }, backend.clock.at);
    assert.equal((await ask()).user_code, 'BBBB-BBBB');
    assert.equal((await ask()).user_code, 'CCCC-CCCC');
  });
});
