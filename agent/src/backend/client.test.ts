import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { minute } from '@postern/shared/time';
import { fileKeyProvider } from '../keys/file.ts';
import { clientAttestationsIn } from '../state/client-attestation.ts';
import { temporaryFolder } from '../testing/data-folder.ts';
import { stateOf } from '../testing/documents.ts';
import { startFakeBackend } from '../testing/fake-backend.ts';
import { fakeTime } from '../testing/fake-clock.ts';
import { type Backend, connect } from './client.ts';
import { requestException } from './exceptions.ts';
import { BackendRefusal, BackendUnreachable } from './faults.ts';
import { readOwnDevice } from './own-device.ts';
import type { Session } from './session.ts';
import { requestToken } from './token.ts';

const random = { uuid: () => crypto.randomUUID(), fraction: () => 0.5 };

async function enrolledDevice(t: TestContext, device = fakeTime()) {
  const backendTime = fakeTime();
  const fake = await startFakeBackend(t, backendTime);
  const folder = await temporaryFolder(t);
  const provider = fileKeyProvider(folder);
  const key = await provider.load(await provider.create());
  fake.key = key.publicJwk;
  const backend = connect({
    url: fake.url,
    clock: device,
    random,
    ca: undefined,
    clockOffsetMs: null,
    userAgent: 'test',
  });
  const state = stateOf({ server: { url: fake.url, issuer: fake.issuer, insecureHttp: false } });
  const session: Session = { state, key, backend };
  const attestations = clientAttestationsIn(folder);
  const askToken = () => requestToken(session, { resource: 'https://demo.example' }, { random, attestations });
  return { fake, session, askToken, attestations, device, backendTime };
}

test('the first call asks for a nonce and the time before it; the next one knows both', async (t) => {
  const { fake, session } = await enrolledDevice(t);
  assert.equal((await readOwnDevice(session)).owner.name, 'Ada');
  assert.deepEqual(fake.asked, ['POST /oauth/challenge', 'GET /v1/device']);
  await readOwnDevice(session);
  assert.equal(fake.asked.length, 3);
});

test('the offset of the clock does not follow the network', async (t) => {
  const device = fakeTime();
  const { session } = await enrolledDevice(t, device);
  const { backend } = session;
  const offsets: (number | null)[] = [];
  for (const away of [2480, 40, -60, 900, 300]) {
    device.advance(away);
    await backend.challenge();
    offsets.push(backend.clockOffsetMs);
  }
  assert.deepEqual(offsets, [2480, 2480, 2480, 2480, 3660]);
});

test('a nonce that is refused twice is not tried for ever', async (t) => {
  const { fake, session } = await enrolledDevice(t);
  fake.mishaps.push({ path: '/v1/device', what: 'nonce_required' }, { path: '/v1/device', what: 'nonce_required' });
  await assert.rejects(
    readOwnDevice(session),
    (error) => error instanceof BackendRefusal && error.code === 'nonce_required',
  );
  assert.deepEqual(fake.asked, ['POST /oauth/challenge', 'GET /v1/device', 'GET /v1/device']);
});

test('a device whose clock was set since it was measured measures again, and goes on', async (t) => {
  const device = fakeTime();
  const { session } = await enrolledDevice(t, device);
  await readOwnDevice(session);
  device.advance(40 * minute);
  assert.equal((await readOwnDevice(session)).owner.name, 'Ada');
});

test('a retried token request carries a new assertion and a new proof', async (t) => {
  const { fake, askToken } = await enrolledDevice(t);
  fake.mishaps.push({ path: '/oauth/token', what: 'assertion_expired' });
  assert.equal((await askToken()).access_token, 'token-for-https---demo.example');
});

test('a client attestation is asked for once, kept, and shown for every token while it is fresh', async (t) => {
  const { fake, askToken, attestations, device, backendTime } = await enrolledDevice(t);
  fake.attests = true;
  await askToken();
  await askToken();
  assert.deepEqual(fake.asked, [
    'POST /oauth/challenge',
    'POST /oauth/client-attestation',
    'POST /oauth/token',
    'POST /oauth/token',
  ]);
  assert.deepEqual(fake.authenticatedBy, ['attestation', 'attestation']);
  const first = await attestations.load();
  device.advance(10 * minute - 9000);
  backendTime.advance(10 * minute - 9000);
  await askToken();
  assert.notEqual((await attestations.load())?.attestation, first?.attestation);
});

test('a device without client attestation shows that it holds its key, and so does one whose attestation is refused', async (t) => {
  const { fake, askToken, attestations } = await enrolledDevice(t);
  await askToken();
  assert.equal(await attestations.load(), undefined);
  fake.attests = true;
  for (const what of [
    'client_attestation_invalid',
    'client_attestation_foreign_key',
    'client_attestation_expired',
  ] as const) {
    fake.mishaps.push({ path: '/oauth/token', what });
    await askToken();
    assert.equal(await attestations.load(), undefined, 'it is forgotten');
  }
  await askToken();
  assert.deepEqual(fake.authenticatedBy, ['assertion', 'assertion', 'assertion', 'assertion', 'attestation']);
});

test('an attestation of another issuer or key is not shown, nor one in a damaged file', async (t) => {
  const { fake, session, askToken, attestations } = await enrolledDevice(t);
  const good = {
    issuer: fake.issuer,
    thumbprint: session.key.thumbprint,
    attestation: 'a.b.c',
    expiresAt: '2999-01-01T00:00:00.000Z',
  };
  await attestations.save({ ...good, issuer: 'https://other.example' });
  await askToken();
  await attestations.save({ ...good, thumbprint: 'x'.repeat(43) });
  await askToken();
  await writeFile(attestations.path, '{"issuer":', { mode: 0o600 });
  await askToken();
  assert.deepEqual(fake.authenticatedBy, ['assertion', 'assertion', 'assertion']);
});

for (const offset of [-3 * 24 * 60 * minute, 40 * minute]) {
  test(`a device whose clock is ${offset / minute} minutes off dates by the backend's`, async (t) => {
    const device = fakeTime();
    device.advance(offset);
    const { fake, session, askToken } = await enrolledDevice(t, device);
    await readOwnDevice(session);
    assert.ok(fake.asked.includes('POST /oauth/challenge'), 'it measured its clock');
    assert.equal(session.backend.clockOffsetMs, offset);
    assert.equal((await askToken()).token_type, 'DPoP');
  });
}

test('a refusal keeps code, details and failed checks', async (t) => {
  const { fake, askToken } = await enrolledDevice(t);
  fake.fine = false;
  await assert.rejects(askToken(), (error) => {
    assert.ok(error instanceof BackendRefusal);
    assert.equal(error.code, 'posture_refused');
    assert.equal(error.answer['error'], 'invalid_grant');
    assert.equal(error.failedChecks[0]?.rule, 'baseline/firewall');
    return true;
  });
});

test('a request for an exception is sent as JSON and comes back', async (t) => {
  const { session } = await enrolledDevice(t);
  const wish = {
    rules: ['baseline/firewall'],
    resources: [],
    duration: '8h',
    justification: 'The firewall is being replaced',
  };
  assert.equal((await requestException(session, wish)).justification, wish.justification);
});

async function strangeBackend(t: TestContext, listener: Parameters<typeof createServer>[1]): Promise<Backend> {
  const server = createServer(listener ?? (() => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = { deadlineMs: 200, maxAnswerBytes: 1024 };
  return connect({ url, clock: fakeTime(), random, ca: undefined, clockOffsetMs: null, userAgent: 'test', transport });
}

const strange: [string, RegExp, Parameters<typeof createServer>[1]][] = [
  [
    'a page of a hotel',
    /not as Postern/,
    (_, response) => response.writeHead(302, { location: 'https://hotel.example' }).end(),
  ],
  ['a page that says 200', /form that this agent does not know/, (_, response) => response.end('<html>Welcome</html>')],
  ['a page that says 404', /status 404/, (_, response) => response.writeHead(404).end('<html>')],
  ['a proxy without a backend', /status 502/, (_, response) => response.writeHead(502).end()],
  [
    'an answer without an end',
    /larger than 1024 bytes/,
    (_, response) =>
      void setImmediate(function more() {
        if (!response.destroyed) {
          response.write('x'.repeat(512));
          setImmediate(more);
        }
      }),
  ],
  ['no answer at all', /longer than 0.2 seconds/, () => undefined],
  [
    'half an answer',
    /No answer/,
    (_, response) => response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
  ],
  [
    'a server error in our words',
    /cannot answer now/,
    (_, response) =>
      response.writeHead(503).end(
        JSON.stringify({
          error: 'temporarily_unavailable',
          error_code: 'unavailable',
          error_description: 'cannot answer now',
        }),
      ),
  ],
];
for (const [what, words, listener] of strange) {
  test(`${what} is a backend that cannot be reached, not a refusal`, async (t) => {
    const backend = await strangeBackend(t, listener);
    await assert.rejects(
      backend.challenge(),
      (error) => error instanceof BackendUnreachable && words.test(error.message),
    );
  });
}

test('a code that only a newer backend knows is still a refusal, and Retry-After is kept', async (t) => {
  const backend = await strangeBackend(t, (_, response) =>
    response
      .writeHead(429, { 'retry-after': '7' })
      .end(JSON.stringify({ error: 'x', error_code: 'code_of_tomorrow', error_description: 'Later.' })),
  );
  await assert.rejects(
    backend.challenge(),
    (error) => error instanceof BackendRefusal && error.code === 'code_of_tomorrow' && error.retryAfterMs === 7000,
  );
});

test('a newer backend, whose answers and refusals say more, is understood', async (t) => {
  const { fake, session, askToken } = await enrolledDevice(t);
  fake.rewrite = (body) => ({ ...(body as object), since_version: 9 });
  assert.equal((await readOwnDevice(session)).owner.name, 'Ada');
  fake.fine = false;
  fake.rewrite = (body) => {
    const { failed_checks: checks } = body as { failed_checks?: object[] };
    return {
      ...(body as object),
      ...(checks && { failed_checks: checks.map((check) => Object.assign(check, { mood: 'sad' })) }),
    };
  };
  await assert.rejects(
    askToken(),
    (error) => error instanceof BackendRefusal && error.failedChecks[0]?.rule === 'baseline/firewall',
  );
});

test('nothing that listens is said in words', async () => {
  const backend = connect({
    url: 'http://127.0.0.1:1',
    clock: fakeTime(),
    random,
    ca: undefined,
    clockOffsetMs: null,
    userAgent: 'test',
  });
  await assert.rejects(backend.challenge(), /nothing listens there/);
});
