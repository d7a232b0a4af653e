import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { onBothStores } from '../contract/both-stores.ts';
import { AuditTrail } from '../support/audit-trail.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { assertRefused, attested, openScene, type Scene } from '../support/scene.ts';

/** Another server on the same database, with the same name. */
const again = (t: TestContext, { backend }: Scene) => startBackend(t, { ...backend.env, POSTERN_ISSUER: backend.url });

async function usedOnce(t: TestContext, { url }: { url: string }) {
  const scene = await openScene(t, { POSTERN_DATABASE_URL: url });
  const device = await attested(scene.backend, scene.admin);
  const proofText = await device.proof('POST', '/oauth/token');
  const assertionText = await device.assertion();
  const attestation = await device.signAttestation();
  assert.equal((await device.token({ proofText, assertionText })).status, 200);
  assert.equal((await device.send(attestation)).status, 200);
  return { scene, device, proofText, assertionText, attestation };
}

async function assertAllRefused(backend: Backend, used: Awaited<ReturnType<typeof usedOnce>>): Promise<void> {
  const device = used.device.at(backend.url);
  const audit = new AuditTrail(await backend.person('ada@example.org', ['admin']));
  const { proofText, assertionText, attestation } = used;
  // On SQLite its nonce was good with that process alone, which wrote nothing down of its use (createOwnNonces).
  const isOwn = backend.server.deps.store.kind === 'sqlite';
  const { status, body } = await device.token({ proofText });
  assert.deepEqual([status, body['error_code']], [400, isOwn ? 'nonce_required' : 'proof_replayed']);
  const assertion = { code: 'assertion_replayed', type: 'proof.refused' };
  await assertRefused({ audit }, assertion, () => device.token({ assertionText }));
  const replayed = { code: 'attestation_replayed', type: 'attestation.refused' };
  await assertRefused({ audit }, replayed, () => device.send(attestation));
  assert.equal((await device.token()).status, 200, 'fresh ones are as good as ever');
}

onBothStores('what was used is refused by the same server after a restart', async (t, database) => {
  const used = await usedOnce(t, database);
  await used.scene.backend.server.stop();
  await assertAllRefused(await again(t, used.scene), used);
});

onBothStores('what was used is refused by a second server on the same database', async (t, database) => {
  const used = await usedOnce(t, database);
  await assertAllRefused(await again(t, used.scene), used);
});

onBothStores('of one proof shown to two servers at once, one counts', async (t, database) => {
  const { scene, device } = await usedOnce(t, database);
  const second = await again(t, scene);
  for (let round = 0; round < 5; round += 1) {
    const proofText = await device.proof('POST', '/oauth/token');
    const answers = await Promise.all([
      device.token({ proofText }),
      device.token({ proofText, at: second.url }),
      device.token({ proofText }),
      device.token({ proofText, at: second.url }),
    ]);
    assert.deepEqual(answers.map(({ status }) => String(status)).toSorted(), ['200', '400', '400', '400']);
  }
});
