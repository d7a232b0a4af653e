import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import { type Backend, startBackend } from '../support/backend.ts';
import { screenLockPolicy } from '../support/desktop.ts';
import { LoadDevice } from '../support/load-device.ts';
import { startPostgres } from '../support/postgres.ts';
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

test('an attestation and a token cost one read and one write on SQLite', async (t) => {
  const { backend, device } = await prepared(t, {});
  await quiet(backend);
  await judge(backend, device);
});

test('an attestation and a token cost one read and one write on PostgreSQL', async (t) => {
  const postgres = await startPostgres();
  if ('unavailable' in postgres) return t.skip(`PostgreSQL: ${postgres.unavailable}`);
  after(() => postgres.stop());
  const { backend, device } = await prepared(t, { POSTERN_DATABASE_URL: await postgres.createDatabase() });
  await quiet(backend);
  await judge(backend, device);
});
