import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { Config } from '../config.ts';
import type { PersonCaller } from '../http/caller.ts';
import type { AnyRoute, Reply } from '../http/route.ts';
import { insert, updateOne } from '../storage/change.ts';
import { systemRandom } from '../random.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { policyRoutes } from './routes.ts';
import { noon } from './testing/given.ts';

const caller: PersonCaller = {
  kind: 'person',
  id: 'usr_00000000000000000000000000000001',
  name: 'Ada',
  roles: ['admin'],
  via: 'api-token',
  authenticatedAt: noon,
};

async function given(t: TestContext) {
  const store = await openTestStore(t);
  const user = {
    id: caller.id,
    name: caller.name,
    email: 'ada@example.org',
    roles: '["admin"]',
    active: 1,
    created_at: noon,
    groups: '[]',
    manager_id: null,
    notify: '{}',
  };
  await store.commit({ changes: [insert('users', user)], audit: [] });
  const routes = policyRoutes({ store, random: systemRandom, config: { issuer: 'https://postern.test' } as Config });

  /** Calls a route as the adapter would: input parsed before, the answer checked against what the route promises. */
  async function call(method: string, path: string, input: { params?: object; query?: object; body?: object } = {}) {
    const route = routes.find((each) => each.method === method && each.path === path);
    assert.ok(route);
    const reply: Reply = await route.handle({
      params: route.params?.parse(input.params ?? {}),
      query: route.query?.parse(input.query ?? {}),
      body: route.body?.schema.parse(input.body),
      caller,
      header: () => undefined,
      method,
      url: `https://trust.example${path}`,
      remoteAddress: '127.0.0.1',
      now: noon,
    });
    return { status: reply.status, body: promised(route, reply) };
  }
  return { store, routes, call };
}

interface Version {
  name: string;
  version: number;
  publishedBy: string;
  current: boolean;
  draftedBy: string | null;
  approvedBy: string | null;
  enforcement: string;
}
interface Answer extends Version {
  items: Version[];
  next: string | null;
  changedRules: string[];
}

function promised(route: AnyRoute, { status, body }: Reply): Answer {
  const schema: z.ZodType | null | undefined = route.replies[status];
  assert.ok(schema, `${status} is promised`);
  return schema.parse(body) as Answer;
}

function text(name: string, require = 'value.enabled'): string {
  return `policy: ${name}\ntitle: T\nrules:\n  - id: fw\n    title: F\n    check: firewall\n    require: ${require}\n    expected: On.\n`;
}

const admin = '/v1/admin/policies';

test('201: a published policy is answered with its version and its publisher', async (t) => {
  const { call } = await given(t);
  const { status, body } = await call('POST', admin, { body: { document: text('a') } });
  assert.equal(status, 201);
  assert.deepEqual([body.name, body.version, body.publishedBy, body.current], ['a', 1, 'Ada', true]);
  assert.deepEqual([body.draftedBy, body.approvedBy, body.enforcement], ['Ada', 'Ada', 'enforce']);
});

test('200: a trial publishes nothing', async (t) => {
  const { call } = await given(t);
  const { status, body } = await call('POST', admin, { body: { document: text('a'), dryRun: true } });
  assert.equal(status, 200);
  assert.deepEqual([body.name, body.version, body.changedRules], ['a', 1, []]);
  assert.deepEqual((await call('GET', admin)).body.items, []);
});

test('refused: an invalid document, also as a trial', async (t) => {
  const { call } = await given(t);
  for (const dryRun of [true, false]) {
    await assert.rejects(
      call('POST', admin, { body: { document: 'a: 1', dryRun } }),
      (error) => error instanceof Fault && error.code === 'policy_invalid',
    );
  }
});

test('the list has the policies in force by name, page by page', async (t) => {
  const { call } = await given(t);
  for (const name of ['b', 'a', 'c']) await call('POST', admin, { body: { document: text(name) } });
  await call('POST', admin, { body: { document: text('a', 'value.enabled == false') } });
  const first = await call('GET', admin, { query: { limit: '2' } });
  assert.deepEqual(
    first.body.items.map(({ name, version }) => [name, version]),
    [
      ['a', 2],
      ['b', 1],
    ],
  );
  const second = await call('GET', admin, { query: { limit: '2', after: first.body.next } });
  assert.deepEqual(
    second.body.items.map(({ name }) => name),
    ['c'],
  );
  assert.equal(second.body.next, null);
});

test('the versions of a policy come newest first, page by page', async (t) => {
  const { call } = await given(t);
  for (const require of ['value.enabled', 'value.enabled == false', 'has(value.profiles)'])
    await call('POST', admin, { body: { document: text('a', require) } });
  const path = `${admin}/{name}/versions`;
  const first = await call('GET', path, { params: { name: 'a' }, query: { limit: '2' } });
  assert.deepEqual(
    first.body.items.map(({ version, current }) => [version, current]),
    [
      [3, true],
      [2, false],
    ],
  );
  const second = await call('GET', path, { params: { name: 'a' }, query: { limit: '2', after: first.body.next } });
  assert.deepEqual(
    second.body.items.map(({ version }) => version),
    [1],
  );
  await assert.rejects(
    call('GET', path, { params: { name: 'nobody' } }),
    (error) => error instanceof Fault && error.code === 'policy_version_unknown',
  );
});

test('the versions say what each enforces', async (t) => {
  const { call } = await given(t);
  await call('POST', admin, { body: { document: `enforcement: report-only\n${text('a')}` } });
  await call('POST', admin, { body: { document: text('a') } });
  const { body } = await call('GET', `${admin}/{name}/versions`, { params: { name: 'a' } });
  assert.deepEqual(
    body.items.map(({ version, enforcement }) => [version, enforcement]),
    [
      [2, 'enforce'],
      [1, 'report-only'],
    ],
  );
});

test('only admins write; approvers and auditors may read; employees neither', async (t) => {
  const { routes } = await given(t);
  for (const { method, roles, audience } of routes) {
    assert.equal(audience, 'person');
    assert.deepEqual(roles, method === 'GET' ? ['admin', 'approver', 'auditor'] : ['admin']);
  }
});

test('what a version says is told rule by rule, with what it leaves out filled in; null where it cannot be read any more', async (t) => {
  const { store, call } = await given(t);
  await call('POST', admin, { body: { document: text('a') } });
  const path = `${admin}/{name}/versions/{version}`;
  const read = async (version: string) => {
    const { body } = await call('GET', path, { params: { name: 'a', version } });
    return (body as unknown as { content: { max_age: string; rules: Record<string, unknown>[] } | null }).content;
  };
  const content = await read('1');
  assert.equal(content?.max_age, '1h');
  assert.deepEqual([content?.rules[0]?.['time_to_fix'], content?.rules[0]?.['on_unknown']], ['7d', 'warn']);
  await store.commit({ changes: [updateOne('policies', { name: 'a', version: 1 }, { document: 'a: 1' })], audit: [] });
  assert.equal(await read('1'), null);
  await assert.rejects(read('2'), (error) => error instanceof Fault && error.code === 'policy_version_unknown');
});
