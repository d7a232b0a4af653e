import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { day, minute } from '@postern/shared/time';
import { thinAttestations } from './index.ts';
import { reading, someReadings } from './testing/readings.ts';
import { openTestBackend, type TestBackend } from './testing/test-backend.ts';

const tables = [
  'attestations',
  'attestation_documents',
  'attestation_conflicts',
  'verdicts',
  'audit',
  'evidence',
  'postures',
] as const;

async function rowsOf({ store }: TestBackend) {
  const counts = await Promise.all(
    tables.map(async (table) => {
      const rows = await store.read.selectFrom(table).selectAll().execute();
      return [table, rows.length] as const;
    }),
  );
  return Object.fromEntries(counts);
}

async function tripsOf({ store }: TestBackend, action: () => Promise<unknown>): Promise<number> {
  const before = store.roundTrips();
  await action();
  const after = store.roundTrips();
  return after.reads + after.writes - before.reads - before.writes;
}

describe('what an attestation costs', () => {
  it('is two round trips to the database, also when it says something new', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    assert.equal(await tripsOf(backend, () => backend.attest(device)), 2);
    const worse = someReadings(0, { firewall: reading({ enabled: false, provider: 'ufw' }, 0) });
    assert.equal(await tripsOf(backend, () => backend.attest(device, worse)), 2);
  });

  it('is one short row and one rewritten one when it says what the last one said', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const before = await rowsOf(backend);
    const posture = await backend.store.read.selectFrom('postures').selectAll().execute();
    backend.pass(5 * minute);
    const units: { changes: readonly object[] }[] = [];
    const commit = backend.store.commit.bind(backend.store);
    backend.deps.store.commit = async (unit) => {
      units.push(unit);
      await commit(unit);
    };
    assert.equal((await backend.attest(device, someReadings(backend.clock.at))).status, 200);

    assert.deepEqual(await rowsOf(backend), { ...before, attestations: 2 });
    assert.deepEqual(await backend.store.read.selectFrom('postures').selectAll().execute(), posture);
    assert.deepEqual(
      units.map(({ changes }) => changes.length),
      [2],
    );
    const written = units
      .flatMap(({ changes }) => changes)
      .map((change) => JSON.stringify('row' in change ? change.row : 'set' in change ? change.set : null));
    assert.ok(written.join('').length <= 400, `${written.join('').length} bytes`);
  });

  it('is the whole text only when it says something new', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    await backend.attest(device);
    const off = () =>
      someReadings(backend.clock.at, { firewall: reading({ enabled: false, provider: 'ufw' }, backend.clock.at) });
    await backend.attest(device, off());
    backend.pass(minute);
    await backend.attest(device, off());
    const kept = await backend.store.read.selectFrom('attestation_documents').select('seq').orderBy('seq').execute();
    assert.deepEqual(
      kept.map(({ seq }) => seq),
      [1, 3],
    );
    assert.equal((await backend.factsOf(device)).posture?.seq, 3);
    assert.equal((await rowsOf(backend))['verdicts'], 2);
  });

  it('is thinned after a time to hashes, except the newest text of each device; verdicts stay', async (t) => {
    const backend = await openTestBackend(t);
    const [one, two] = [await backend.enroll(), await backend.enroll()];
    const differ = (index: number) =>
      someReadings(0, { firewall: reading({ enabled: index % 2 === 0, provider: 'ufw' }, 0) });
    for (let index = 0; index < 4; index += 1) await backend.attest(one, differ(index));
    await backend.attest(two);
    const before = await rowsOf(backend);
    backend.pass(20 * day);
    await backend.attest(one, differ(4));
    assert.equal(await thinAttestations(backend.deps, backend.clock.at), 0);
    backend.pass(10 * day);
    assert.equal(await thinAttestations(backend.deps, backend.clock.at), 4);
    const kept = await backend.store.read
      .selectFrom('attestation_documents')
      .select(['device_id', 'seq'])
      .orderBy('seq')
      .execute();
    assert.deepEqual(kept, [
      { device_id: two.id, seq: 1 },
      { device_id: one.id, seq: 5 },
    ]);
    const after = await rowsOf(backend);
    assert.deepEqual(
      [after['attestations'], after['verdicts']],
      [before['attestations']! + 1, before['verdicts']! + 1],
    );
  });
});

describe('what follows from new evidence', () => {
  it('is written in the same unit, and the decision is made again when the device changed meanwhile', async (t) => {
    let calls = 0;
    const backend = await openTestBackend(t, {
      exceptionEffects: (facts, findings) => {
        calls += 1;
        assert.deepEqual(
          findings.map(({ rule }) => rule.reference),
          ['test/firewall', 'test/disk'],
        );
        const guard = calls === 1 ? facts.exceptionEpoch + 1 : facts.exceptionEpoch;
        return {
          changes: [
            {
              kind: 'update',
              table: 'devices',
              where: { id: facts.id, exception_epoch: guard },
              set: { exception_epoch: facts.exceptionEpoch + 1 },
              expect: 'one',
            },
          ],
          audit: [],
        };
      },
    });
    const device = await backend.enroll();
    assert.equal((await backend.attest(device)).status, 200);
    assert.equal(calls, 2);
    const facts = await backend.factsOf(device);
    assert.deepEqual([facts.exceptionEpoch, facts.evidence?.seq], [1, 1]);
  });
});
