import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileKeyProvider } from '../keys/file.ts';
import type { AgentState } from '../state/state.ts';
import { temporaryFolder } from '../testing/data-folder.ts';
import { readingsOf, stateOf } from '../testing/documents.ts';
import { startFakeBackend } from '../testing/fake-backend.ts';
import { fakeTime } from '../testing/fake-clock.ts';
import { attest } from './attest.ts';
import { connect } from './client.ts';
import { BackendRefusal, BackendUnreachable } from './faults.ts';

const path = '/v1/attestations';

async function device(t: TestContext, clock = fakeTime()) {
  const fake = await startFakeBackend(t, fakeTime());
  const provider = fileKeyProvider(await temporaryFolder(t));
  const ref = await provider.create();
  const key = await provider.load(ref);
  fake.key = key.publicJwk;
  const machine = { firewall: true };
  // What is on disk: the next attestation begins from it and nothing else, as after a crash.
  let stored: AgentState = stateOf({ key: ref, server: { url: fake.url, issuer: fake.issuer, insecureHttp: false } });
  const report = () =>
    attest({
      session: {
        state: stored,
        key,
        backend: connect({
          url: fake.url,
          clock,
          random: { uuid: () => crypto.randomUUID(), fraction: () => 0.5 },
          ca: undefined,
          clockOffsetMs: stored.clockOffsetMs,
          userAgent: 'test',
        }),
      },
      agentVersion: '0.1.0',
      collect: async () => readingsOf(machine.firewall, clock.now()),
      save: async (state) => {
        stored = state;
      },
    });
  return { fake, machine, report, stored: () => stored };
}

test('each attestation rises by one and names the one before', async (t) => {
  const { fake, report, stored } = await device(t);
  await report();
  const { state, answer } = await report();
  assert.deepEqual(
    fake.accepted.map(({ seq }) => seq),
    [1, 2],
  );
  assert.equal(fake.accepted[0]?.prev, null);
  assert.equal(answer.verdict.status, 'compliant');
  assert.deepEqual(state, stored());
  assert.equal(state.prev, answer.attestation.hash);
  assert.deepEqual(state.lastAnswer?.verdict, answer.verdict);
});

test('what was sent is kept word for word, with to whom and when', async (t) => {
  const { fake, report, stored } = await device(t);
  await report();
  const sent = stored().lastSent;
  assert.deepEqual(JSON.parse(sent?.claims ?? ''), fake.accepted[0]);
  assert.equal(sent?.to, fake.url);
  assert.equal(sent?.at, '2026-11-21T09:30:00.000Z');
});

test('the number is on disk before the attestation is on its way', async (t) => {
  const { fake, report, stored } = await device(t);
  fake.mishaps.push({ path, what: 'lose-request' });
  await assert.rejects(report(), BackendUnreachable);
  assert.equal(stored().seq, 1);
  assert.equal(stored().unacknowledged.length, 1);
  assert.equal(stored().prev, null);
});

test('after a lost answer the device finds out that it arrived, and goes on from there', async (t) => {
  const { fake, report, stored } = await device(t);
  await report();
  fake.mishaps.push({ path, what: 'lose-answer' });
  await assert.rejects(report(), BackendUnreachable);
  await report();
  assert.deepEqual(
    fake.accepted.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.deepEqual(stored().unacknowledged, []);
});

test('after a lost request the device finds out that it did not arrive, and sends the newest state only', async (t) => {
  const { fake, machine, report, stored } = await device(t);
  await report();
  for (let lost = 0; lost < 3; lost += 1) {
    fake.mishaps.push({ path, what: 'lose-request' });
    await assert.rejects(report(), BackendUnreachable);
  }
  machine.firewall = false;
  await report();
  assert.deepEqual(
    fake.accepted.map(({ seq }) => seq),
    [1, 5],
  );
  assert.deepEqual(fake.accepted[1]?.readings['firewall'], readingsOf(false, fakeTime().now())['firewall']);
  assert.deepEqual(stored().unacknowledged, []);
});

test('while nobody knows what arrived, nothing more is signed', async (t) => {
  const { fake, report, stored } = await device(t);
  fake.mishaps.push({ path, what: 'lose-answer' });
  await assert.rejects(report(), BackendUnreachable);
  for (let round = 0; round < 3; round += 1) {
    fake.mishaps.push({ path: '/v1/device', what: 'lose-request' });
    await assert.rejects(report(), BackendUnreachable);
  }
  assert.equal(stored().seq, 1);
});

test('an attestation that is not ours is never adopted: the backend must see both histories', async (t) => {
  const { fake, report, stored } = await device(t);
  await report();
  const { prev } = stored();
  fake.mishaps.push({ path, what: 'lose-answer' });
  await assert.rejects(report(), BackendUnreachable);
  fake.isOvertaken = true;
  await assert.rejects(report(), (error) => error instanceof BackendRefusal && error.code === 'attestation_forked');
  assert.equal(stored().prev, prev);
});

test('a refused attestation is not one that may have arrived', async (t) => {
  const { fake, report, stored } = await device(t);
  fake.mishaps.push({ path, what: 'device_suspended' });
  await assert.rejects(report(), (error) => error instanceof BackendRefusal && error.code === 'device_suspended');
  assert.deepEqual(stored().unacknowledged, []);
  await report();
  assert.deepEqual(
    fake.accepted.map(({ seq }) => seq),
    [2],
  );
});

test('a nonce that grew old is replaced once', async (t) => {
  const { fake, report } = await device(t);
  fake.mishaps.push({ path, what: 'attestation_nonce' });
  await report();
  assert.deepEqual(
    fake.accepted.map(({ seq }) => seq),
    [2],
  );
  fake.mishaps.push({ path, what: 'attestation_nonce' }, { path, what: 'attestation_nonce' });
  await assert.rejects(report(), BackendRefusal);
});

test('on a machine with a wrong clock, attestation and readings are dated by the backend', async (t) => {
  const clock = fakeTime();
  clock.advance(7_200_000);
  const { fake, report, stored } = await device(t, clock);
  await report();
  assert.equal(stored().clockOffsetMs, 7_200_000);
  assert.equal(fake.accepted[0]?.readings['firewall']?.collectedAt, '2026-11-21T09:30:00.000Z');
  assert.equal(stored().lastSent?.at, '2026-11-21T09:30:00.000Z');
});
