import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileKeyProvider } from '../keys/file.ts';
import type { AgentState } from '../state/state.ts';
import { temporaryFolder } from '../testing/data-folder.ts';
import { deviceId, enrollmentId } from '../testing/documents.ts';
import { startFakeBackend } from '../testing/fake-backend.ts';
import { fakeTime } from '../testing/fake-clock.ts';
import { connect } from './client.ts';
import { enroll, type Grant } from './enroll.ts';
import { BackendRefusal, BackendUnreachable, ServerUrlError } from './faults.ts';

const byToken: Grant = { kind: 'token', token: 'a-token-of-sixteen-or-more' };
const finishPath = `/v1/enrollments/${enrollmentId}/finish`;

async function newMachine(t: TestContext, device = fakeTime()) {
  const fake = await startFakeBackend(t, fakeTime());
  const provider = fileKeyProvider(await temporaryFolder(t));
  const saved: AgentState[] = [];
  const enrollBy = (grant: Grant, expectedIssuer?: string) =>
    enroll(
      {
        backend: connect({
          url: fake.url,
          clock: device,
          random: { uuid: () => crypto.randomUUID(), fraction: () => 0.5 },
          ca: undefined,
          clockOffsetMs: null,
          userAgent: 'test',
        }),
        providers: [provider],
        timer: device,
        save: async (state) => void saved.push(state),
      },
      {
        grant,
        deviceName: 'ada-laptop',
        platform: 'linux',
        agentVersion: '0.1.0',
        expectedIssuer,
        insecureHttp: false,
      },
    );
  return { fake, provider, saved, device, enrollBy };
}

test('with a token: the key is proven to be held, and the machine remembers what it is', async (t) => {
  const { fake, provider, saved, enrollBy } = await newMachine(t);
  const state = await enrollBy(byToken);
  assert.equal(state.device.id, deviceId);
  assert.equal(state.server.issuer, fake.issuer);
  assert.deepEqual([state.seq, state.prev, state.clockOffsetMs], [0, null, 0]);
  assert.deepEqual(saved, [state]);
  assert.deepEqual((await provider.load(state.key)).publicJwk, fake.key);
});

test('with a code: it waits as long as it is told, and longer when told to slow down', async (t) => {
  const { fake, device, enrollBy } = await newMachine(t);
  fake.pendingAnswers.push('authorization_pending', 'slow_down', 'authorization_pending');
  const shown: string[] = [];
  const state = await enrollBy({ kind: 'device-flow', show: ({ user_code }) => void shown.push(user_code) });
  assert.deepEqual(shown, ['WXYZ-BCDF']);
  assert.deepEqual(device.sleeps, [5000, 5000, 10_000, 10_000]);
  assert.equal(state.device.state, 'active');
});

test('a lost connection is no answer to a code: it asks again', async (t) => {
  const { fake, device, enrollBy } = await newMachine(t);
  fake.mishaps.push({ path: '/v1/enrollments', what: 'lose-request' });
  await enrollBy({ kind: 'device-flow', show: () => undefined });
  assert.deepEqual(device.sleeps, [5000, 10_000]);
});

test('a code that is refused or too old ends it, and leaves no key', async (t) => {
  for (const code of ['code_denied', 'code_expired'] as const) {
    const { fake, provider, saved, enrollBy } = await newMachine(t);
    fake.pendingAnswers.push(code);
    await assert.rejects(
      enrollBy({ kind: 'device-flow', show: () => undefined }),
      (error) => error instanceof BackendRefusal && error.code === code,
    );
    assert.equal(await provider.exists(), false);
    assert.deepEqual(saved, []);
  }
});

test('a wrong token is refused, leaves no key, and the right one works afterwards', async (t) => {
  const { provider, enrollBy } = await newMachine(t);
  await assert.rejects(enrollBy({ kind: 'token', token: 'not-the-right-token' }), BackendRefusal);
  assert.equal(await provider.exists(), false);
  await enrollBy(byToken);
});

test('an unreachable backend leaves the key for the next try', async (t) => {
  const { fake, provider, enrollBy } = await newMachine(t);
  fake.mishaps.push({ path: '/oauth/challenge', what: 'lose-request' });
  await assert.rejects(enrollBy(byToken), BackendUnreachable);
  const key = await provider.leftover();
  assert.equal((await enrollBy(byToken)).key.thumbprint, key?.thumbprint);
});

test('when the last answer gets lost, the device finds out that it is enrolled', async (t) => {
  const { fake, enrollBy } = await newMachine(t);
  fake.mishaps.push({ path: finishPath, what: 'lose-answer' });
  const state = await enrollBy(byToken);
  assert.equal(state.device.id, deviceId);
  assert.equal(state.device.owner.name, 'Ada');
  assert.equal(fake.asked.filter((path) => path.endsWith('/finish')).length, 1);
});

test('when the last request gets lost, the device finds out that it is not, and sends it again', async (t) => {
  const { fake, enrollBy } = await newMachine(t);
  fake.mishaps.push({ path: finishPath, what: 'lose-request' });
  await enrollBy(byToken);
  assert.equal(fake.asked.filter((path) => path.endsWith('/finish')).length, 2);
});

test('a wrong token does not destroy a key that an earlier try may have enrolled', async (t) => {
  const { fake, provider, enrollBy } = await newMachine(t);
  fake.mishaps.push({ path: '/oauth/challenge', what: 'lose-request' });
  await assert.rejects(enrollBy(byToken), BackendUnreachable);
  const key = await provider.leftover();
  await assert.rejects(enrollBy({ kind: 'token', token: 'not-the-right-token' }), BackendRefusal);
  assert.deepEqual(await provider.leftover(), key);
});

test('a machine that was stopped before it wrote down that it is enrolled goes on as what it is', async (t) => {
  const { fake, provider, saved, enrollBy } = await newMachine(t);
  await enrollBy(byToken);
  const key = await provider.leftover();
  saved.length = 0;
  const state = await enrollBy(byToken);
  assert.deepEqual([state.device.id, state.device.owner.name, state.server.issuer], [deviceId, 'Ada', fake.issuer]);
  assert.equal(state.key.thumbprint, key?.thumbprint);
  assert.deepEqual(saved, [state]);
});

test('where the backend has the key and does not know this machine by it, the refusal stands', async (t) => {
  const { fake, provider, enrollBy } = await newMachine(t);
  await enrollBy(byToken);
  fake.state = 'suspended';
  await assert.rejects(
    enrollBy(byToken),
    (error) => error instanceof BackendRefusal && error.code === 'key_already_enrolled',
  );
  assert.equal(await provider.exists(), true);
});

test('an issuer that is named only after the proof is not believed', async (t) => {
  const { fake, enrollBy } = await newMachine(t);
  const state = await enrollBy(byToken);
  assert.equal(state.server.issuer, fake.issuer);
  const other = await newMachine(t);
  other.fake.finishIssuer = 'https://somebody-else.example.com';
  assert.equal((await other.enrollBy(byToken)).server.issuer, other.fake.issuer);
});

test('an issuer that is no address is refused before it is printed or signed', async (t) => {
  const { fake, enrollBy } = await newMachine(t);
  fake.issuer = `${fake.url}/\u001b]0;gotcha\u0007`;
  await assert.rejects(enrollBy(byToken), ServerUrlError);
});

test('a machine with a wrong clock enrolls, and knows how wrong it is', async (t) => {
  const device = fakeTime();
  device.advance(-86_400_000);
  const { enrollBy } = await newMachine(t, device);
  const state = await enrollBy(byToken);
  assert.equal(state.clockOffsetMs, -86_400_000);
  assert.equal(state.enrolledAt, '2026-11-21T09:30:00.000Z');
});

test('a backend that does not call itself what the person says gets no proof', async (t) => {
  const { fake, enrollBy } = await newMachine(t);
  await assert.rejects(enrollBy(byToken, 'https://postern.example.com'), ServerUrlError);
  assert.equal(fake.asked.includes(`POST ${finishPath}`), false);
});
