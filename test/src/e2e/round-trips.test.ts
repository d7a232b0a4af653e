import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { type Backend, startBackend } from '../support/backend.ts';
import { screenLockPolicy } from '../support/desktop.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { LoadDevice } from '../support/load-device.ts';
import type { Readings } from '@postern/shared/protocol/reading';
import { minute } from '@postern/shared/time';
import { onBothStores } from '../contract/both-stores.ts';
import { runJson } from '../support/command.ts';

const resource = 'https://counted.example';
const policy = screenLockPolicy.replace('on_unknown: block', 'on_unknown: warn');

async function prepared(
  t: TestContext,
  env: Record<string, string>,
): Promise<{ backend: Backend; device: LoadDevice }> {
  const backend = await startBackend(t, env);
  const admin = await backend.person('admin@localhost', ['admin']);
  assert.equal((await admin.post('/v1/admin/policies', { document: policy })).status, 201);
  await backend.gateway(admin, resource);
  const made = await runJson<{ token: string }>('postern-server', ['enrollment-token'], backend.env);
  const device = await LoadDevice.enroll(backend.url, made.answer.token);
  await device.resync();
  // Once each, so that policies, resources and keys are in memory, as they are in a backend that runs.
  await device.attest(true);
  await device.token(resource);
  return { backend, device };
}

/** What a request cost, with no other request around. */
async function cost(backend: Backend, work: () => Promise<unknown>): Promise<{ reads: number; writes: number }> {
  const before = backend.server.deps.store.roundTrips();
  await work();
  const now = backend.server.deps.store.roundTrips();
  return { reads: now.reads - before.reads, writes: now.writes - before.writes };
}

async function judge(backend: Backend, device: LoadDevice): Promise<void> {
  assert.deepEqual(
    await cost(backend, () => device.attest(true)),
    { reads: 1, writes: 1 },
    'an attestation that says nothing new',
  );
  assert.deepEqual(
    await cost(backend, () => device.attest(false)),
    { reads: 1, writes: 1 },
    'an attestation that says something new',
  );
  assert.deepEqual(await cost(backend, () => device.token(resource)), { reads: 1, writes: 1 }, 'a token');
}

/** The jobs beside the requests ask the database too: they are stopped, so that only the request is counted. */
const quiet = (backend: Backend) => backend.server.jobs.stop();

onBothStores('an attestation and a token cost one read and one write', async (t, { url }) => {
  const { backend, device } = await prepared(t, { POSTERN_DATABASE_URL: url });
  await quiet(backend);
  await judge(backend, device);
});

onBothStores('so does one that shows a check failing, for the first time and again', async (t, { url }) => {
  const backend = await startBackend(t, { POSTERN_DATABASE_URL: url });
  const admin = await backend.person('admin@localhost', ['admin']);
  assert.equal((await admin.post('/v1/admin/policies', { document: firewallPolicy })).status, 201);
  const device = await HttpDevice.enroll(backend, admin);
  const system = {
    platform: 'linux',
    id: 'debian',
    name: 'Debian',
    version: '12',
    build: '6.1.0',
    supportEndsOn: null,
  };
  const sign = (firewall: Readings) =>
    device.signAttestation({}, { 'os-version': reading(system, backend.clock.now()), ...firewall });
  await device.send(await sign({}));
  await quiet(backend);
  for (const firewall of [device.firewallOff(), {}, device.firewallOff()]) {
    backend.clock.advance(minute);
    const text = await sign(firewall);
    const spent = await cost(backend, async () => assert.equal((await device.send(text)).status, 200));
    assert.deepEqual(spent, { reads: 1, writes: 1 });
  }
  const turned = await backend.server.deps.store.read.selectFrom('check_flips').selectAll().execute();
  assert.equal(turned.length, 2);
});
