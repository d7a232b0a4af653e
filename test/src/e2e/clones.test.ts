import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { describe, test } from 'node:test';
import { generateKeyPair } from 'jose';
import type { Api } from '../support/api.ts';
import { Agent, enrolledAgent } from '../support/enrolled-agent.ts';
import { HttpDevice } from '../support/http-device.ts';
import { assertRefused, attested, openScene, resource } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('two machines with one key', () => {
  interface History {
    quarantine: { cause: string } | null;
    attestations: { hash: string; seq: number }[];
    conflicts: { hash: string; seq: number; cause: string }[];
  }

  const detailOf = async (admin: Api, id: string) =>
    (await admin.get(`/v1/admin/devices/${id}`)).body as unknown as History;

  test('the second enrollment is refused: key_already_enrolled', async (t) => {
    const scene = await openScene(t);
    const device = await attested(scene.backend, scene.admin);
    const expected = { code: 'key_already_enrolled', type: 'device.enrollment-refused' };
    await assertRefused(scene, expected, () => device.enrollAgain(scene.admin));
    await scene.admin.post(`/v1/admin/devices/${device.fake.id}/retire`, { reason: 'Sold' });
    await assertRefused(scene, expected, () => device.enrollAgain(scene.admin));
  });

  test('of two enrollments of one key that run side by side, one is finished', async (t) => {
    const { backend, admin } = await openScene(t);
    const keys = await generateKeyPair('ES256', { extractable: true });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => HttpDevice.enroll(backend, admin, keys)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('a clone that goes its own way puts both in quarantine, with both histories kept', async (t) => {
    const scene = await openScene(t);
    const { admin, audit, backend } = scene;
    const device = await attested(backend, admin);
    const gateway = await backend.gateway(admin, resource);
    const clone = device.clone();
    const token = await device.accessToken();
    const accepted = await device.attest();
    assert.equal(accepted.status, 200);
    assert.equal((await gateway.introspect(token))['active'], true);

    const refused = { code: 'attestation_rolled_back', type: 'attestation.refused' };
    await assertRefused(scene, refused, () => clone.attest({}, clone.firewallOff()));
    assert.deepEqual(await gateway.introspect(token), { active: false });
    const quarantined = { code: 'device_quarantined', type: 'attestation.refused' };
    await assertRefused(scene, quarantined, () => device.attest());
    await assertRefused(scene, quarantined, () => clone.attest());
    for (const each of [device, clone]) {
      await assertRefused(scene, { code: 'device_quarantined', type: 'token.refused' }, () => each.token());
    }

    const detail = await detailOf(admin, device.fake.id);
    assert.equal(detail.quarantine?.cause, 'rolled-back');
    const hash = (accepted.body['attestation'] as { hash: string }).hash;
    assert.ok(detail.attestations.some((each) => each.hash === hash));
    assert.equal(detail.attestations.length, 2);
    assert.deepEqual(detail.conflicts.map(({ seq }) => String(seq)).toSorted(), ['2', '3', '3']);
    const entries = await audit.since(0);
    assert.ok(entries.some(({ type, subject }) => type === 'device.quarantined' && subject?.id === device.fake.id));
  });

  test('a clone that overtakes is a fork: attestation_forked', async (t) => {
    const scene = await openScene(t);
    const device = await attested(scene.backend, scene.admin);
    const clone = device.clone();
    assert.equal((await device.attest()).status, 200);
    await clone.signAttestation();
    const expected = { code: 'attestation_forked', type: 'attestation.refused' };
    await assertRefused(scene, expected, () => clone.attest());
    assert.equal((await detailOf(scene.admin, device.fake.id)).quarantine?.cause, 'forked');
  });

  test("a copy of a real agent's data folder on a second machine", async (t) => {
    const { backend, admin } = await openScene(t);
    const agent = await enrolledAgent(t, backend, 'ada@example.org');
    const attest = async (each: Agent) =>
      (await each.json<{ error_code?: string; verdict?: unknown }>(['attest'])).answer;
    assert.ok((await attest(agent)).verdict);
    const folder = temporaryFolder(t, 'copy');
    cpSync(agent.env['POSTERN_AGENT_DATA'] ?? '', folder, { recursive: true });
    const copy = new Agent({ ...agent.env, POSTERN_AGENT_DATA: folder });

    assert.ok((await attest(agent)).verdict);
    assert.match((await attest(copy)).error_code ?? '', /^attestation_(rolled_back|forked)$/);
    assert.equal((await attest(agent)).error_code, 'device_quarantined');
    assert.equal((await attest(copy)).error_code, 'device_quarantined');
    const { body } = await admin.get('/v1/admin/devices');
    const [{ id } = { id: '' }] = body['items'] as { id: string }[];
    const detail = await detailOf(admin, id);
    assert.notEqual(detail.quarantine, null);
    assert.equal(detail.attestations.length, 2);
    assert.ok(detail.conflicts.length >= 2, JSON.stringify(detail.conflicts));
  });
});
