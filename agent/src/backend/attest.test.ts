import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { Reading } from '@postern/shared/protocol/reading';
import { fileKeyProvider } from '../keys/file.ts';
import type { AgentState } from '../state/state.ts';
import { temporaryFolder } from '../testing/data-folder.ts';
import { planOf, readingsOf, stateOf } from '../testing/documents.ts';
import { startFakeBackend } from '../testing/fake-backend.ts';
import { fakeTime } from '../testing/fake-clock.ts';
import { attest } from './attest.ts';
import { connect } from './client.ts';
import { BackendRefusal, BackendUnreachable } from './faults.ts';

const path = '/v1/attestations';
const osVersion: Reading = {
  status: 'unknown',
  reason: 'no-data',
  detail: 'Nobody knows.',
  method: '/etc/os-release',
  privilege: 'user',
  collectedAt: '2026-11-21T09:30:00.000Z',
};

async function device(t: TestContext, clock = fakeTime()) {
  const fake = await startFakeBackend(t, fakeTime());
  const provider = fileKeyProvider(await temporaryFolder(t));
  const ref = await provider.create();
  const key = await provider.load(ref);
  fake.key = key.publicJwk;
  const machine = { firewall: true };
  const collected: (CollectionPlan | null)[] = [];
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
      collect: async (plan) => {
        collected.push(plan);
        return { ...readingsOf(machine.firewall, clock.now()), 'os-version': osVersion };
      },
      save: async (state) => {
        stored = state;
      },
    });
  const upgradeFrom = (state: Partial<AgentState>) => {
    stored = { ...stored, ...state };
  };
  return { fake, machine, report, collected, upgradeFrom, stored: () => stored };
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

const sentBy = (fake: { accepted: { readings: object }[] }) =>
  fake.accepted.map(({ readings }) => Object.keys(readings));

test('a device that knows no plan sends the version of the system alone, hears the plan, and reports again at once', async (t) => {
  const { fake, report, upgradeFrom, stored } = await device(t);
  upgradeFrom({ plan: null });
  const { answer } = await report();
  assert.deepEqual(sentBy(fake), [['os-version'], ['disk-encryption', 'firewall'].toReversed()]);
  assert.equal(answer.attestation.seq, 2);
  assert.deepEqual(stored().plan, planOf());
  await report();
  assert.equal(fake.accepted.length, 3, 'and then once a report');
});

test('what nobody asked for is not sent, whatever was read', async (t) => {
  const { fake, report, upgradeFrom } = await device(t);
  fake.plan = planOf({ checks: ['firewall'] });
  upgradeFrom({ plan: fake.plan });
  await report();
  assert.deepEqual(sentBy(fake), [['firewall']]);
});

test('a plan that asks for less takes effect with the next report, and causes none', async (t) => {
  const { fake, report, stored } = await device(t);
  fake.plan = planOf({ checks: ['firewall'] });
  await report();
  assert.equal(fake.accepted.length, 1);
  assert.deepEqual(stored().plan, fake.plan);
  await report();
  assert.deepEqual(sentBy(fake).at(-1), ['firewall']);
});

for (const [what, plan] of [
  ['another check', planOf({ checks: ['disk-encryption', 'firewall', 'os-version'] })],
  [
    'another target',
    planOf({ checks: ['disk-encryption', 'firewall', 'files'], targets: { files: ['/opt/edr/agent'] } }),
  ],
  [
    'hashes of identifiers',
    planOf({ checks: ['disk-encryption', 'firewall', 'identifiers'], identifierKey: 'k'.repeat(43) }),
  ],
] as const) {
  test(`an answer that asks for ${what} is followed at once, by the new plan`, async (t) => {
    const { fake, report, collected } = await device(t);
    fake.plan = plan;
    await report();
    assert.deepEqual(collected, [planOf(), plan]);
    assert.equal(fake.accepted.length, 2);
  });
}

test('a backend that asks for something else each time is followed once a report', async (t) => {
  const { fake, report } = await device(t);
  let asked = 0;
  fake.rewrite = (body, asker) => {
    if (asker !== path) return body;
    asked += 1;
    return { ...(body as object), collect: planOf({ checks: ['files'], targets: { files: [`/opt/${asked}`] } }) };
  };
  await report();
  assert.equal(fake.accepted.length, 2);
});

test('a report after a new plan that gets lost leaves the plan known', async (t) => {
  const { fake, report, upgradeFrom, stored } = await device(t);
  upgradeFrom({ plan: null });
  fake.rewrite = (body) => {
    fake.mishaps.push({ path, what: 'lose-request' });
    fake.rewrite = undefined;
    return body;
  };
  // The first answer is that of the challenge: the report itself is what gets lost, and then everything goes well.
  await assert.rejects(report(), BackendUnreachable);
  await report();
  assert.deepEqual(sentBy(fake).at(-1), ['firewall', 'disk-encryption']);
  assert.deepEqual(stored().plan, planOf());
});

test('after a lost answer the plan is heard where the device asks how things stand', async (t) => {
  const { fake, report, collected, upgradeFrom } = await device(t);
  upgradeFrom({ plan: null });
  fake.mishaps.push({ path, what: 'lose-answer' });
  await assert.rejects(report(), BackendUnreachable);
  await report();
  assert.deepEqual(collected, [null, planOf()]);
});
