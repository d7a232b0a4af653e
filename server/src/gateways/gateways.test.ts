import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { gatewaySchema } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import type { Config } from '../config.ts';
import type { PersonCaller } from '../http/caller.ts';
import { systemRandom } from '../random.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { readBasicCredentials } from './basic-credentials.ts';
import {
  createGatewayAuthenticator,
  createResources,
  demoResource,
  ensureDemoGateway,
  gatewayRoutes,
  knownResources,
  resourceEpoch,
} from './index.ts';

const now = Date.parse('2026-11-21T09:30:00Z');
const admin: PersonCaller = {
  kind: 'person',
  id: 'usr_1',
  name: 'Ada',
  roles: ['admin'],
  via: 'session',
  authenticatedAt: 0,
};

async function open(t: TestContext) {
  const store = await openTestStore(t);
  const routes = gatewayRoutes({ store, random: systemRandom, config: { issuer: 'https://postern.test' } as Config });
  const call = async (method: string, more: { body?: unknown; params?: unknown; query?: unknown } = {}) => {
    const route = routes.find((each) => each.method === method);
    assert.ok(route);
    return route.handle({
      params: more.params ?? {},
      query: route.query?.parse(more.query ?? {}),
      body: route.body?.schema.parse(more.body),
      caller: admin,
      header: () => undefined,
      method,
      url: `https://trust.example${route.path}`,
      remoteAddress: '127.0.0.1',
      now,
    });
  };
  const authenticate = createGatewayAuthenticator({ store });
  const signIn = async (id: string, secret: string) => {
    const authorization = `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
    const header = (name: string) => (name === 'authorization' ? authorization : undefined);
    return authenticate({ header });
  };
  return { store, call, signIn };
}

const isRefused = (error: unknown) => error instanceof Fault && error.code === 'client_authentication_failed';

describe('a gateway', () => {
  it('gets its secret once, signs in with it, and only its hash is stored', async (t) => {
    const { store, call, signIn } = await open(t);
    const reply = await call('POST', { body: { name: 'App', resources: ['https://a', 'https://b', 'https://a'] } });
    assert.equal(reply.status, 201);
    const { id, secret = '' } = gatewaySchema.parse(reply.body);
    assert.deepEqual(await signIn(id, secret), { kind: 'gateway', id, resources: ['https://a', 'https://b'] });
    const stored = JSON.stringify([
      await store.read.selectFrom('gateways').selectAll().execute(),
      await store.read.selectFrom('audit').selectAll().execute(),
    ]);
    assert.ok(secret.length >= 43 && !stored.includes(secret));
    const list = (await call('GET')).body;
    assert.deepEqual(list, { items: [{ id, name: 'App', resources: ['https://a', 'https://b'] }], next: null });
  });

  it('is refused with a wrong secret, a wrong id, or none', async (t) => {
    const { store, call, signIn } = await open(t);
    const { id, secret = '' } = gatewaySchema.parse(
      (await call('POST', { body: { name: 'App', resources: ['https://a'] } })).body,
    );
    await assert.rejects(signIn(id, `${secret}x`), isRefused);
    await assert.rejects(signIn(id, ''), isRefused);
    await assert.rejects(signIn('gw_other', secret), isRefused);
    const { secret_hash: hash } = await store.read
      .selectFrom('gateways')
      .select('secret_hash')
      .executeTakeFirstOrThrow();
    await assert.rejects(signIn(id, hash), isRefused);
  });

  it('that was removed is refused at once, and cannot be removed again', async (t) => {
    const { store, call, signIn } = await open(t);
    const { id, secret = '' } = gatewaySchema.parse(
      (await call('POST', { body: { name: 'App', resources: ['https://a'] } })).body,
    );
    assert.equal((await call('DELETE', { params: { id } })).status, 204);
    await assert.rejects(signIn(id, secret), isRefused);
    await assert.rejects(
      call('DELETE', { params: { id } }),
      (error) => error instanceof Fault && error.code === 'not_found',
    );
    assert.deepEqual([...(await knownResources(store.read))], []);
    const audit = await store.read.selectFrom('audit').select('type').orderBy('seq').execute();
    assert.deepEqual(
      audit.map(({ type }) => type),
      ['gateway.created', 'gateway.removed'],
    );
  });

  it('list goes on where the last page ended', async (t) => {
    const { call } = await open(t);
    for (const name of ['A', 'B', 'C']) await call('POST', { body: { name, resources: [name] } });
    const names: string[] = [];
    let after: string | undefined;
    do {
      const { items, next } = (await call('GET', { query: { limit: '2', ...(after === undefined ? {} : { after }) } }))
        .body as {
        items: { name: string }[];
        next: string | null;
      };
      names.push(...items.map(({ name }) => name));
      after = next ?? undefined;
    } while (after !== undefined);
    assert.deepEqual(names, ['A', 'B', 'C']);
  });
});

describe('the resources', () => {
  it('are read again only when gateways changed', async (t) => {
    const { store, call } = await open(t);
    const resources = createResources(store);
    const epochNow = async () =>
      (await store.read.selectNoFrom(resourceEpoch.as('epoch')).executeTakeFirstOrThrow()).epoch;
    assert.deepEqual([...(await resources.at(await epochNow()))], []);
    await call('POST', { body: { name: 'App', resources: ['https://a'] } });
    const epoch = await epochNow();
    assert.deepEqual([...(await resources.at(epoch))], ['https://a']);
    const before = store.roundTrips().reads;
    await resources.at(epoch);
    assert.equal(store.roundTrips().reads, before);
  });

  it('hold the demo resource once, however often the server starts, until an admin removes it', async (t) => {
    const { store, call } = await open(t);
    const deps = { store, random: systemRandom, clock: { now: () => now } };
    await ensureDemoGateway(deps);
    await ensureDemoGateway(deps);
    assert.deepEqual([...(await knownResources(store.read))], [demoResource]);
    const [demo] = await store.read.selectFrom('gateways').select('id').execute();
    await call('DELETE', { params: { id: demo?.id } });
    await ensureDemoGateway(deps);
    assert.deepEqual([...(await knownResources(store.read))], []);
  });
});

describe('Basic credentials', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it('are decoded as forms are (RFC 6749 section 2.3.1)', () => {
    assert.deepEqual(readBasicCredentials(basic('a%3Ab:c+d%2B')), { id: 'a:b', secret: 'c d+' });
    assert.deepEqual(readBasicCredentials(basic('a:b').replace('Basic', 'bASIC')), { id: 'a', secret: 'b' });
  });
  for (const [what, header] of [
    ['no header', undefined],
    ['another scheme', 'Bearer abc'],
    ['no colon', basic('abc')],
    ['broken percent-encoding', basic('a:%zz')],
    ['no base64', 'Basic ***'],
    ['too much', basic(`a:${'x'.repeat(2000)}`)],
  ] as const) {
    it(`are none: ${what}`, () => assert.equal(readBasicCredentials(header), undefined));
  }
});
