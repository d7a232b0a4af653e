import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Actor } from '../audit/event.ts';
import { readRulebook } from '../policy/index.ts';
import { systemRandom } from '../random.ts';
import { insert } from '../storage/change.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { callRoute } from '../http/testing/call-route.ts';
import { gatewayRoutes } from './index.ts';

const now = Date.parse('2026-11-21T09:30:00Z');
const name = 'https://db.example';
const access = { roles: ['operator'], templates: ['temporary-access'] };
const by: Actor = { kind: 'person', id: 'usr_1' };

async function open(t: TestContext) {
  const store = await openTestStore(t);
  const row = { id: 'gw_1', name: 'DB', secret_hash: 'x', created_at: now, removed_at: null };
  await store.commit({ changes: [insert('gateways', { ...row, resources: JSON.stringify([name]) })], audit: [] });
  const routes = gatewayRoutes({ store, random: systemRandom });
  const put = async (body: unknown) => {
    const as = {
      kind: 'person',
      id: 'usr_1',
      name: 'Ada',
      roles: ['admin'],
      via: 'session',
      authenticatedAt: 0,
    } as const;
    return await callRoute<{ items: { access: unknown }[] }>(
      routes,
      { method: 'PUT', path: '/v1/admin/resources', now },
      { body, as },
    );
  };
  const entries = async () => {
    const rows = await store.read.selectFrom('audit').select(['type', 'entry']).orderBy('seq').execute();
    return rows.map(({ type, entry }) => {
      const { data, actor } = JSON.parse(entry) as { data: unknown; actor: Actor };
      return { type, data, actor };
    });
  };
  return { store, put, entries };
}

describe('temporary access of a resource', () => {
  it('is given, and is in the rulebook at once', async (t) => {
    const { store, put, entries } = await open(t);
    const before = await readRulebook(store);
    const answer = await put({ name, tier: 'high', access: { ...access, roles: ['operator', 'operator'] } });
    assert.deepEqual(answer.body.items[0]?.access, access);
    const after = await readRulebook(store);
    assert.notEqual(after.epoch, before.epoch);
    assert.deepEqual(after.access.get(name), access);
    const [, changed] = await entries();
    assert.deepEqual(
      [changed?.type, changed?.data, changed?.actor],
      ['resource.access-changed', { from: null, to: access }, by],
    );
  });

  it('stays as it is when a change does not name it', async (t) => {
    const { store, put } = await open(t);
    await put({ name, tier: 'high', access });
    await put({ name, tier: 'low' });
    const { access: kept, tiers } = await readRulebook(store);
    assert.deepEqual([kept.get(name), tiers.get(name)], [access, 'low']);
  });

  it('is taken away only by saying so', async (t) => {
    const { store, put, entries } = await open(t);
    await put({ name, tier: 'high', access });
    assert.equal((await put({ name, tier: null })).code, 'malformed_request');
    assert.deepEqual((await readRulebook(store)).access.get(name), access);
    assert.equal((await put({ name, tier: 'high', access: null })).status, 200);
    assert.equal((await readRulebook(store)).access.get(name), undefined);
    assert.deepEqual((await entries()).at(-1)?.data, { from: access, to: null });
    assert.equal((await put({ name, tier: null, access: null })).status, 200);
  });

  it('changes nothing, and is no entry, when it is the same', async (t) => {
    const { store, put, entries } = await open(t);
    await put({ name, tier: 'high', access });
    const { epoch } = await readRulebook(store);
    const before = (await entries()).length;
    await put({ name, tier: 'high', access });
    assert.deepEqual([(await readRulebook(store)).epoch, (await entries()).length], [epoch, before]);
  });

  for (const [what, body] of [
    ['without a tier', { name, tier: null, access }],
    ['without roles', { name, tier: 'low', access: { ...access, roles: [] } }],
    ['without templates', { name, tier: 'low', access: { ...access, templates: [] } }],
    ['with a role of two lines', { name, tier: 'low', access: { ...access, roles: ['a\nb'] } }],
    ['with something else', { name, tier: 'low', access: { ...access, open: true } }],
  ] as const) {
    it(`nok: ${what}`, async (t) => {
      const { store, put } = await open(t);
      assert.equal((await put(body)).code, 'malformed_request');
      assert.equal((await readRulebook(store)).access.size, 0);
    });
  }

  it('nok: for a resource that no gateway protects', async (t) => {
    const { put } = await open(t);
    assert.equal((await put({ name: 'https://x.example', tier: 'low', access })).code, 'resource_unknown');
  });
});
