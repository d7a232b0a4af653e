import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { auditEntrySchema, pageSchema } from '@postern/shared/protocol/admin';
import { errorAnswerSchema } from '@postern/shared/protocol/error-answer';
import { serveRoutes } from '../http/testing/served-routes.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { eraseText } from './erase.ts';
import type { AuditEvent } from './event.ts';
import { testConfig } from '../testing/test-config.ts';
import { auditRoutes } from './routes.ts';

const page = pageSchema(auditEntrySchema);

const event = (index: number): AuditEvent => ({
  at: 1_700_000_000_000 + index,
  type: index % 2 === 0 ? 'token.issued' : 'token.refused',
  outcome: index % 2 === 0 ? 'success' : 'failure',
  actor: { kind: 'device', id: `dev_${index % 3}` },
  subject: { kind: 'device', id: `dev_${index % 5}` },
  data: { index },
  text: `because ${index}`,
});

async function served(t: TestContext, roles: readonly ('admin' | 'auditor' | 'employee' | 'approver')[] = ['auditor']) {
  const store = await openTestStore(t);
  for (let index = 1; index <= 25; index += 1) await store.commit({ changes: [], audit: [event(index)] });
  const person = async () =>
    ({ kind: 'person', id: 'usr_1', name: 'Ada', roles, via: 'api-token', authenticatedAt: 0 }) as const;
  const { url } = await serveRoutes(t, auditRoutes({ store, config: testConfig(t), clock: { now: () => at }, log: pino({ level: 'silent' }) }), { authenticators: { person } });
  const ask = async (query = '') => {
    const response = await fetch(`${url}/v1/admin/audit${query}`);
    return { status: response.status, body: await response.json() };
  };
  const list = async (query = '') => page.parse((await ask(query)).body);
  return { store, ask, list };
}

const sequence = (answer: { items: { seq: number }[] }) => answer.items.map(({ seq }) => seq);

test('entries come newest first, in pages that neither overlap nor leave out, also while entries are added', async (t) => {
  const { store, list } = await served(t);
  const first = await list('?limit=10');
  assert.deepEqual(sequence(first), [25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
  await store.commit({ changes: [], audit: [event(26)] });
  const second = await list(`?limit=10&after=${first.next}`);
  const third = await list(`?limit=10&after=${second.next}`);
  assert.deepEqual(
    [...sequence(second), ...sequence(third)],
    Array.from({ length: 15 }, (_, index) => 15 - index),
  );
  assert.equal(third.next, null);
});

test('entries are found by type, subject and actor', async (t) => {
  const { list } = await served(t);
  assert.deepEqual(sequence(await list('?type=token.refused&limit=3')), [25, 23, 21]);
  assert.deepEqual(sequence(await list('?subject=dev_4')), [24, 19, 14, 9, 4]);
  assert.deepEqual(sequence(await list('?actor=dev_0&subject=dev_0&type=token.refused')), [15]);
  assert.deepEqual(sequence(await list('?actor=dev_9')), []);
});

test('an entry shows what was hashed, and its text until it is erased', async (t) => {
  const { store, list } = await served(t);
  const [shown] = (await list('?limit=1')).items;
  assert.equal(shown?.text, 'because 25');
  assert.deepEqual(shown?.data, { index: 25 });
  assert.equal(shown?.previousHash, (await list('?limit=2')).items[1]?.hash);
  await store.commit({ changes: [eraseText(25)], audit: [] });
  assert.deepEqual((await list('?limit=1')).items, [{ ...shown, text: null }]);
});

test('only admins and auditors see them', async (t) => {
  assert.equal((await (await served(t, ['admin'])).ask()).status, 200);
  const { ask } = await served(t, ['employee', 'approver']);
  assert.equal((await ask()).status, 403);
});

test('a filter or a page that means nothing is refused', async (t) => {
  const { ask } = await served(t);
  for (const query of [
    '?type=nonsense',
    '?after=x',
    '?after=0',
    '?after=1e3',
    '?limit=0',
    '?limit=501',
    '?other=1',
    '?actor=a&actor=b',
  ]) {
    const { status, body } = await ask(query);
    assert.equal(status, 400, query);
    assert.ok(errorAnswerSchema.safeParse(body).success, JSON.stringify(body));
  }
});
