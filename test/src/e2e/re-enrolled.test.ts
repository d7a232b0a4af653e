import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test } from 'node:test';
import { Agent, enrolledAgent } from '../support/enrolled-agent.ts';
import { startBackend } from '../support/backend.ts';
import { HttpDevice } from '../support/http-device.ts';
import { testPostgres } from '../support/test-postgres.ts';
import { attested, openScene } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a suspended machine that is enrolled again is in quarantine, on PostgreSQL as well', async (t) => {
  const postgres = await testPostgres();
  if ('unavailable' in postgres) return t.skip(`PostgreSQL: ${postgres.unavailable}`);
  const backend = await startBackend(t, { POSTERN_DATABASE_URL: await postgres.createDatabase() });
  const admin = await backend.person('ada@example.org', ['admin']);
  const before = await attested(backend, admin);
  await admin.post(`/v1/admin/devices/${before.fake.id}/suspend`, { reason: 'Lost' });
  const again = await HttpDevice.enroll(backend, admin);
  assert.equal((await again.attest()).body['error_code'], 'attestation_hardware_barred');
  const { body } = await admin.get(`/v1/admin/devices/${again.fake.id}`);
  assert.deepEqual((body['quarantine'] as { cause: string }).cause, 'hardware-of-suspended-device');
  assert.deepEqual(
    (body['sameHardware'] as { id: string }[]).map(({ id }) => id),
    [before.fake.id],
  );
});

test('an agent goes on after its release, although a copy of it had counted further', async (t) => {
  const { backend, admin } = await openScene(t);
  const agent = await enrolledAgent(t, backend, 'ada@example.org');
  const attest = async (each: Agent) =>
    (await each.json<{ error_code?: string; verdict?: unknown }>(['attest'])).answer;
  assert.ok((await attest(agent)).verdict);
  const folder = temporaryFolder(t, 'copy');
  cpSync(agent.env['POSTERN_AGENT_DATA'] ?? '', folder, { recursive: true });
  const copy = new Agent({ ...agent.env, POSTERN_AGENT_DATA: folder });
  for (let count = 0; count < 3; count += 1) assert.ok((await attest(copy)).verdict);
  assert.equal((await attest(agent)).error_code, 'attestation_rolled_back');

  const { body } = await admin.get('/v1/admin/devices');
  const [{ id } = { id: '' }] = body['items'] as { id: string }[];
  const released = await admin.post(`/v1/admin/devices/${id}/release`, { reason: 'The copy is destroyed' });
  assert.equal(released.status, 200);
  assert.ok((await attest(agent)).verdict);
  assert.ok((await attest(agent)).verdict);
  assert.match((await attest(copy)).error_code ?? '', /^attestation_(rolled_back|forked)$/);
});
