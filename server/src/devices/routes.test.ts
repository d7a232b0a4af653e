import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import type { DeviceFacets } from '@postern/shared/protocol/fleet';
import { hour } from '@postern/shared/time';
import { reading, someReadings } from '../attestation/testing/readings.ts';
import { openTestBackend, type TestBackend } from '../attestation/testing/test-backend.ts';
import { reassess } from '../signals/reassess.ts';
import { updateOne } from '../storage/change.ts';

interface Page {
  items: { id: string; status: string; name: string; lastSeenAt: string | null }[];
  next: string | null;
}

/** What the signaller does beside the requests: keeps how each device stands. */
async function lookThrough(backend: TestBackend): Promise<void> {
  const rows = await backend.store.read.selectFrom('devices').select('id').execute();
  const { changes } = await reassess(backend.deps, [], new Map(rows.map(({ id }) => [id, null])), backend.clock.at);
  await backend.store.commit({ changes, audit: [] });
}

async function list(backend: TestBackend, query: Record<string, unknown> = {}) {
  return (await backend.call<Page>('GET', '/v1/admin/devices', { as: backend.ada, query })).body;
}

describe('a device that asks for its own state', () => {
  it('reads its verdict, where its history stands, and exactly what is stored of what it sent', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    const fresh = await backend.ownState(device);
    assert.deepEqual([fresh.body.attestation, fresh.body.verdict], [null, null]);
    const readings = someReadings(backend.clock.at);
    await backend.attest(device, readings);
    const { body } = await backend.ownState(device);
    assert.equal(body.verdict?.status, 'compliant');
    assert.deepEqual([body.attestation?.seq, body.attestation?.hash], [1, device.position.hash]);
    assert.deepEqual((body as unknown as { sent: unknown }).sent, readings);
    backend.pass(hour);
    assert.equal((await backend.ownState(device)).body.verdict?.status, 'stale');
  });

  it('is told which attestation came last only when it names it: a copy of its key cannot learn it', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const copy = device.clone();
    await backend.attest(device);
    const told = async (sent: readonly string[]) => (await backend.ownState(device, sent)).body.attestation;
    assert.deepEqual(
      [(await told([]))?.hash, (await told(copy.signed))?.hash, (await told(device.signed))?.hash],
      [null, null, device.position.hash],
    );
    copy.resync(await told(copy.signed));
    assert.equal((await backend.attest(copy)).body.error_code, 'attestation_forked');
  });

  it('names at most sixteen hashes, and nothing else', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    const hashes = (count: number) => Array.from({ length: count }, () => 'h'.repeat(43));
    assert.equal((await backend.ownState(device, hashes(16))).status, 200);
    for (const sent of [hashes(17), [''], ['h'.repeat(42)], [`${'h'.repeat(43)},`], ["h' or 1=1"]]) {
      assert.equal((await backend.ownState(device, sent)).status, 400);
    }
  });
});

describe('the list of devices', () => {
  it('is filtered by state, status, owner and text', async (t) => {
    const backend = await openTestBackend(t);
    const [never, stale, fine, blocked] = [
      await backend.enroll({ pending: true }),
      await backend.enroll(),
      await backend.enroll({ ownerId: backend.ada.id }),
      await backend.enroll(),
    ];
    await backend.attest(stale);
    backend.pass(hour);
    await backend.attest(fine);
    await backend.attest(blocked, someReadings(0, { firewall: reading({ enabled: false, provider: 'ufw' }, 0) }));
    await backend.store.commit({
      changes: [updateOne('devices', { id: blocked.id }, { name: '100%_\\x' })],
      audit: [],
    });
    await lookThrough(backend);

    const ids = async (query: Record<string, unknown>) => (await list(backend, query)).items.map(({ id }) => id);
    assert.deepEqual(await ids({}), [blocked.id, fine.id, stale.id, never.id]);
    assert.deepEqual(await ids({ state: 'pending' }), [never.id]);
    assert.deepEqual(await ids({ status: 'never-attested' }), [never.id]);
    assert.deepEqual(await ids({ status: 'stale' }), [stale.id]);
    assert.deepEqual(await ids({ status: 'compliant' }), [fine.id]);
    assert.deepEqual(await ids({ status: 'non-compliant' }), [blocked.id]);
    assert.deepEqual(await ids({ owner: backend.ada.id }), [fine.id]);
    assert.deepEqual(await ids({ q: 'ADA' }), [fine.id]);
    assert.deepEqual(await ids({ q: '0%_\\' }), [blocked.id]);
    assert.deepEqual(await ids({ q: '%' }), [blocked.id]);
    assert.deepEqual(await ids({ q: stale.id }), [stale.id]);
    assert.deepEqual(await ids({ q: 'nothing' }), []);
    assert.deepEqual(await ids({ q: 'ada@EXAMPLE' }), [fine.id]);
    assert.deepEqual(await ids({ q: backend.ada.id }), [fine.id]);
    assert.deepEqual(await ids({ platform: 'windows' }), []);
    assert.deepEqual(await ids({ keyProtection: 'software', ownership: 'unknown', state: 'pending' }), [never.id]);
    assert.deepEqual(await ids({ quarantine: 'yes' }), []);
    assert.deepEqual(await ids({ quarantine: 'no', status: 'compliant', q: 'ada' }), [fine.id]);
  });

  it('comes in pages that miss and repeat nothing, also when filtered by status', async (t) => {
    const backend = await openTestBackend(t);
    const { token } = await backend.makeToken({ uses: 9 });
    assert.ok(token);
    const enrolled: string[] = [];
    for (let count = 0; count < 7; count += 1) enrolled.unshift((await backend.enroll()).id);
    await lookThrough(backend);
    for (const filter of [{}, { status: 'never-attested' }]) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Page = await list(backend, { ...filter, limit: '3', ...(after === null ? {} : { after }) });
        assert.ok(page.items.length <= 3);
        seen.push(...page.items.map(({ id }) => id));
        after = page.next;
      } while (after !== null);
      assert.deepEqual(seen, enrolled);
    }
  });
});

describe('a status that is kept, and has changed since', () => {
  it('hides the row from a search by what it was, until it is looked at again', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    await lookThrough(backend);
    backend.pass(hour);
    assert.deepEqual((await list(backend, { status: 'compliant' })).items, []);
    assert.deepEqual((await list(backend, { status: 'stale' })).items, []);
    await lookThrough(backend);
    assert.deepEqual(
      (await list(backend, { status: 'stale' })).items.map(({ id }) => id),
      [device.id],
    );
  });

  it('is judged for the answer where it was never looked at, as after a migration', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    await lookThrough(backend);
    await backend.store.commit({
      changes: [updateOne('device_trust', { device_id: device.id }, { posture: null })],
      audit: [],
    });
    assert.deepEqual(
      (await list(backend, { status: 'compliant' })).items.map(({ id }) => id),
      [device.id],
    );
    assert.deepEqual((await list(backend, { status: 'grace' })).items, []);
  });
});

describe('the facets of the list', () => {
  it('count what the list shows, also of one person', async (t) => {
    const backend = await openTestBackend(t);
    await backend.enroll({ pending: true });
    const fine = await backend.enroll({ ownerId: backend.ada.id });
    await backend.attest(fine);
    await lookThrough(backend);
    const facets = async (query: Record<string, unknown>) =>
      (await backend.call<DeviceFacets>('GET', '/v1/admin/devices/facets', { as: backend.ada, query })).body;
    const all = await facets({});
    assert.equal(all.total, 2);
    assert.deepEqual([all.facets.state.pending, all.facets.state.active], [1, 1]);
    assert.deepEqual([all.facets.status.compliant, all.facets.status['never-attested']], [1, 1]);
    assert.equal(all.notLookedAt, 0);
    assert.equal((await facets({ owner: backend.ada.id })).total, 1);
    assert.equal((await facets({ state: 'active', status: 'never-attested' })).total, 0);
  });
});

describe('the detail of a device', () => {
  it('says what an action would hit, and what a refused report says otherwise', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    const copy = device.clone();
    await backend.attest(device);
    await backend.attest(copy, someReadings(0, { firewall: reading({ enabled: false, provider: 'ufw' }, 0) }));
    const { body } = await backend.call<DeviceDetail>('GET', `/v1/admin/devices/${device.id}`, { as: backend.ada });
    assert.deepEqual(body.atStake, { exceptions: 0, requests: 0, tokens: 0, moreTokens: false, liveTokens: 0 });
    assert.deepEqual(
      body.refusedSays.map(({ check }) => check),
      ['firewall'],
    );
    assert.equal(body.checkTitles['firewall'], 'Firewall');
  });
});

describe("the list of one's own devices", () => {
  it("has those that one has now, with the rules in their way, and nobody else's", async (t) => {
    const backend = await openTestBackend(t);
    const ownerId = backend.ada.id;
    const gone = await backend.enroll({ ownerId });
    const fine = await backend.enroll({ ownerId });
    const blocked = await backend.enroll({ ownerId });
    await backend.enroll();
    await backend.act(gone, 'retire');
    await backend.attest(fine);
    await backend.attest(blocked, someReadings(0, { firewall: reading({ enabled: false, provider: 'ufw' }, 0) }));
    const own = await backend.call<{ items: { id: string; failing: { rule: string }[] }[] }>('GET', '/v1/me/devices', {
      as: backend.ada,
    });
    assert.deepEqual(
      own.body.items.map(({ id, failing }) => [id, failing.map(({ rule }) => rule)]),
      [
        [blocked.id, ['test/firewall']],
        [fine.id, []],
      ],
    );
  });
});

describe('an action on a device', () => {
  it('is recorded with who, what and why', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll({ pending: true });
    for (const action of ['admit', 'suspend', 'resume', 'retire']) {
      assert.equal((await backend.act(device, action, `reason of ${action}`)).status, 200);
    }
    for (const [type, from, to] of [
      ['device.admitted', 'pending', 'active'],
      ['device.suspended', 'active', 'suspended'],
      ['device.resumed', 'suspended', 'active'],
      ['device.retired', 'active', 'retired'],
    ] as const) {
      const [entry] = await backend.audited(type);
      assert.deepEqual([entry?.subject?.id, entry?.data['from'], entry?.data['to']], [device.id, from, to]);
    }
    const texts = await backend.store.read.selectFrom('audit_texts').select('text').execute();
    assert.deepEqual(
      texts.map(({ text }) => text),
      ['reason of admit', 'reason of suspend', 'reason of resume', 'reason of retire'],
    );
  });

  it('that does not fit its state is refused and changes nothing', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    for (const action of ['admit', 'resume', 'release']) {
      const { status, body } = await backend.act(device, action);
      assert.deepEqual([status, body.error_code], [409, 'device_state_invalid']);
    }
    await backend.act(device, 'retire');
    for (const action of ['admit', 'suspend', 'resume', 'release', 'retire']) {
      assert.equal((await backend.act(device, action)).body.error_code, 'device_state_invalid');
    }
    device.id = `dev_${'0'.repeat(32)}`;
    assert.equal((await backend.act(device, 'retire')).body.error_code, 'not_found');
  });

  it('is done by one of two admins who act at the same moment', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    const answers = await Promise.all([backend.act(device, 'suspend'), backend.act(device, 'suspend')]);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 409).length, 1);
    assert.equal((await backend.audited('device.suspended')).length, 1);
  });
});
