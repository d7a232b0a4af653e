import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { hour } from '@postern/shared/time';
import { sha256 } from '@postern/shared/digest';
import { resourceChangeText } from '@postern/shared/protocol/resource';
import { type Actor, systemActor } from '../audit/event.ts';
import type { Config } from '../config.ts';
import type { PersonCaller } from '../http/caller.ts';
import type { AnyRoute } from '../http/route.ts';
import { createUser } from '../identity/index.ts';
import { readRulebook } from '../policy/index.ts';
import { systemRandom } from '../random.ts';
import { stepUpRoutes } from '../step-up/index.ts';
import { SoftwareAuthenticator } from '../step-up/testing/authenticator.ts';
import { insert, updateOne } from '../storage/change.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { callRoute } from '../http/testing/call-route.ts';
import { gatewayRoutes } from './index.ts';

const now = Date.parse('2026-11-21T09:30:00Z');
const name = 'https://db.example';
const access = { roles: ['operator'], templates: ['temporary-access'] };
const issuer = 'https://postern.test';

const templates = { 'temporary-access': 'access', 'quick-access': 'access', travelling: 'device', old: 'access' };

async function open(t: TestContext) {
  const store = await openTestStore(t);
  const row = { id: 'gw_1', name: 'DB', secret_hash: 'x', created_at: now, removed_at: null };
  const published = { version: 1, title: 'T', document: '', proposed_by: null, approved_by: null, published_at: now };
  const changes = Object.entries(templates).map(([template, kind]) =>
    insert('exception_templates', { ...published, name: template, kind, current: template === 'old' ? 0 : 1 }),
  );
  const gateway = insert('gateways', { ...row, resources: JSON.stringify([name]) });
  await store.commit({ changes: [gateway, ...changes], audit: [] });
  const config = { issuer, masterSecret: Buffer.alloc(32, 7).toString('base64url') } as Config;
  const deps = { store, random: systemRandom, config };
  const { id } = await createUser(deps, { name: 'Ada', email: 'ada@example.org', roles: ['admin'] }, systemActor, now);
  const ada = { kind: 'person', id, name: 'Ada', roles: ['admin'], via: 'session', authenticatedAt: now } as const;
  const routes = [...gatewayRoutes(deps), ...stepUpRoutes(deps)];
  const call = async <Body>(method: AnyRoute['method'], path: string, body: unknown, as: PersonCaller = ada) =>
    await callRoute<Body>(routes, { method, path, now, issuer }, { body, as });
  const put = async (body: unknown, as?: PersonCaller) =>
    await call<{ items: { access: unknown }[] }>('PUT', '/v1/admin/resources', body, as);
  async function withPasskey(): Promise<SoftwareAuthenticator> {
    const passkey = new SoftwareAuthenticator({ origin: issuer });
    const { body } = await call<Parameters<typeof passkey.answer>[0]>('POST', '/v1/me/passkeys/options', {});
    const attestation = passkey.register({ challenge: body.options.challenge });
    assert.equal((await call('POST', '/v1/me/passkeys', { stepUp: body.id, label: 'Key', attestation })).status, 201);
    return passkey;
  }
  /** What the passkey signs for a change of a resource. */
  async function proofOf(
    passkey: SoftwareAuthenticator,
    target: string,
    change: Parameters<typeof resourceChangeText>[0],
  ) {
    const about = { action: 'change-resource', target, content: sha256(resourceChangeText(change)) };
    const asked = { purpose: 'manage', about };
    return passkey.answer((await call<Parameters<typeof passkey.answer>[0]>('POST', '/v1/me/step-ups', asked)).body);
  }
  const entries = async () => {
    const rows = await store.read.selectFrom('audit').select(['type', 'entry']).orderBy('seq').execute();
    return rows.map(({ type, entry }) => {
      const { data, actor } = JSON.parse(entry) as { data: unknown; actor: Actor };
      return { type, data, actor };
    });
  };
  const by: Actor = { kind: 'person', id };
  return { store, put, entries, ada, by, withPasskey, proofOf };
}

describe('temporary access of a resource', () => {
  it('is given, and is in the rulebook at once', async (t) => {
    const { store, put, entries, by } = await open(t);
    const before = await readRulebook(store);
    const answer = await put({ name, tier: 'high', access: { ...access, roles: ['operator', 'operator'] } });
    assert.deepEqual(answer.body.items[0]?.access, access);
    const after = await readRulebook(store);
    assert.notEqual(after.epoch, before.epoch);
    assert.deepEqual(after.access.get(name), access);
    const changed = (await entries()).at(-1);
    assert.deepEqual(
      [changed?.type, changed?.data, changed?.actor],
      ['resource.access-changed', { from: null, to: access, openToAll: false }, by],
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
    const taken = { from: access, to: null, openToAll: true, authn: 'recent' };
    assert.deepEqual((await entries()).at(-1)?.data, taken);
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

describe('what loosens temporary access', () => {
  const other = { ...access, templates: ['quick-access'] };
  const loose: [string, Record<string, unknown> & Parameters<typeof resourceChangeText>[0]][] = [
    ['taking it away', { tier: 'high', access: null }],
    ['another role', { tier: 'high', access: { ...access, roles: ['operator', 'root'] } }],
    ['other templates', { tier: 'high', access: other }],
    ['a lower tier', { tier: 'low' }],
    ['a lower tier, with the access said again', { tier: 'low', access }],
  ];
  for (const [what, change] of loose)
    it(`takes a fresh sign-in: ${what}`, async (t) => {
      const { store, put, ada } = await open(t);
      await put({ name, tier: 'high', access });
      const stale = { ...ada, authenticatedAt: now - hour };
      assert.equal((await put({ name, ...change }, stale)).code, 'step_up_required');
      const { access: kept, tiers } = await readRulebook(store);
      assert.deepEqual([kept.get(name), tiers.get(name)], [access, 'high'], 'nothing has changed');
      assert.equal((await put({ name, ...change })).status, 200);
    });

  it('takes a factor where there is one, for exactly this resource and this change, once', async (t) => {
    const { put, entries, withPasskey, proofOf } = await open(t);
    const passkey = await withPasskey();
    await put({ name, tier: 'high', access });
    const opening = { tier: 'high', access: null } as const;
    assert.equal((await put({ name, ...opening })).code, 'step_up_required', 'however fresh the sign-in');
    for (const stepUp of [
      await proofOf(passkey, name, { tier: 'high', access: other }),
      await proofOf(passkey, name, { tier: 'low', access: null }),
      await proofOf(passkey, name, { tier: 'high' }),
      await proofOf(passkey, 'https://wiki.example', opening),
    ])
      assert.equal((await put({ name, ...opening, stepUp })).code, 'step_up_invalid');
    const stepUp = await proofOf(passkey, name, opening);
    assert.equal((await put({ name, ...opening, stepUp })).status, 200);
    const [passed, changed] = (await entries()).slice(-2);
    assert.equal(passed?.type, 'step-up.passed');
    assert.deepEqual(changed?.data, { from: access, to: null, openToAll: true, authn: 'passkey' });
    await put({ name, tier: 'high', access });
    assert.equal((await put({ name, ...opening, stepUp })).code, 'step_up_invalid', 'it was used');
  });

  it('closing a resource, raising its tier or naming it takes nothing', async (t) => {
    const { put, ada } = await open(t);
    const stale = { ...ada, authenticatedAt: now - hour };
    for (const change of [{ tier: 'low' }, { tier: 'low', access }, { tier: 'high' }, { tier: 'high', title: 'DB' }])
      assert.equal((await put({ name, ...change }, stale)).status, 200);
  });
});

describe('the templates of a resource', () => {
  for (const [what, template] of [
    ['that nobody wrote', 'nothing'],
    ['that is retired', 'old'],
    ['that is for exceptions from rules', 'travelling'],
  ] as const)
    it(`nok: one ${what}`, async (t) => {
      const { store, put } = await open(t);
      const templatesOf = ['temporary-access', template];
      const answer = await put({ name, tier: 'low', access: { ...access, templates: templatesOf } });
      assert.equal(answer.code, 'template_unknown');
      assert.match(JSON.stringify(answer.body), /templates\.1/);
      assert.equal((await readRulebook(store)).access.size, 0);
    });

  it('are not looked at again while they stay as they are', async (t) => {
    const { store, put } = await open(t);
    await put({ name, tier: 'low', access });
    const retired = updateOne('exception_templates', { name: 'temporary-access', version: 1 }, { current: 0 });
    await store.commit({ changes: [retired], audit: [] });
    assert.equal((await put({ name, tier: 'high', access })).status, 200);
  });
});
