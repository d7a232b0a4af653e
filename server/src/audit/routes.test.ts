import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { pino } from 'pino';
import { auditEntrySchema, pageSchema } from '@postern/shared/protocol/admin';
import { auditCheckpointSchema, auditKeySchema, auditProofSchema } from '@postern/shared/protocol/audit';
import { errorAnswerSchema } from '@postern/shared/protocol/error-answer';
import { serveRoutes } from '../http/testing/served-routes.ts';
import { insert } from '../storage/change.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { testConfig } from '../testing/test-config.ts';
import { verifyChain } from './chain.ts';
import { openCheckpoint } from './checkpoints/checkpoint.ts';
import { readNoteKey } from './checkpoints/signed-note.ts';
import { eraseText, eraseTextsOf } from './erase/erase.ts';
import { type AuditEvent, systemActor } from './event.ts';
import { verifyLog } from './log-file/verify-log.ts';
import { hashLeaf } from './merkle/hash.ts';
import { verifyInclusion } from './merkle/verify-proof.ts';
import { readChain } from './read.ts';
import { auditRoutes } from './routes.ts';
import { stateOf } from './shared-state.ts';
import { verifyStored } from './verify-stored.ts';

const page = pageSchema(auditEntrySchema);
const at = 1_790_000_000_000;

const event = (index: number): AuditEvent => ({
  at: 1_700_000_000_000 + index,
  type: index % 2 === 0 ? 'token.issued' : 'token.refused',
  outcome: index % 2 === 0 ? 'success' : 'failure',
  actor: { kind: 'device', id: `dev_${index % 3}` },
  subject: { kind: 'device', id: `dev_${index % 5}` },
  data: { index },
  text: `because ${index}`,
});

type Role = 'admin' | 'auditor' | 'employee' | 'approver';

async function served(
  t: TestContext,
  roles: readonly Role[] = ['auditor'],
  authenticatedAt: number = at,
  id = 'usr_1',
) {
  const store = await openTestStore(t);
  for (let index = 1; index <= 25; index += 1) await store.commit({ changes: [], audit: [event(index)] });
  const person = async () => ({ kind: 'person', id, name: 'Ada', roles, via: 'api-token', authenticatedAt }) as const;
  const deps = { store, config: testConfig(t), clock: { now: () => at }, log: pino({ level: 'silent' }) };
  const { url } = await serveRoutes(t, auditRoutes(deps), { authenticators: { person } });
  const call = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init);
  const ask = async (query = '') => {
    const response = await fetch(`${url}/v1/admin/audit${query}`);
    return { status: response.status, body: await response.json() };
  };
  const list = async (query = '') => page.parse((await ask(query)).body);
  const recorded = async () =>
    (await list('?type=audit.read')).items.concat((await list('?type=audit.exported')).items);
  return { store, ask, list, call, deps, recorded };
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
  const [shown] = (await list('?limit=1&type=token.refused')).items;
  assert.equal(shown?.text, 'because 25');
  assert.deepEqual(shown?.data, { index: 25 });
  assert.equal(shown?.previousHash, (await list('?limit=1&type=token.issued')).items[0]?.hash);
  await store.commit({ changes: [eraseText(25)], audit: [] });
  assert.deepEqual((await list('?limit=1&type=token.refused')).items, [{ ...shown, text: null }]);
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
    '?from=yesterday',
    '?outcome=maybe',
    '?actor=a&actor=b',
  ]) {
    const { status, body } = await ask(query);
    assert.equal(status, 400, query);
    assert.ok(errorAnswerSchema.safeParse(body).success, JSON.stringify(body));
  }
});

test('entries are found by time and by outcome', async (t) => {
  const { list } = await served(t);
  const at = (index: number) => new Date(1_700_000_000_000 + index).toISOString();
  assert.deepEqual(sequence(await list(`?from=${at(3)}&to=${at(6)}`)), [5, 4, 3]);
  assert.deepEqual(sequence(await list(`?outcome=failure&to=${at(6)}`)), [5, 3, 1]);
  assert.deepEqual(sequence(await list(`?outcome=success&to=${at(6)}`)), [4, 2]);
});

test('who reads the log is in the log: once a minute for one filter, and the rest is counted', async (t) => {
  const { list, store, deps } = await served(t);
  for (let page = 0; page < 5; page += 1) await list(`?limit=3&actor=dev_0&after=${24 - page * 3}`);
  await list('?limit=1&subject=the name of a person');
  const reads = await store.read
    .selectFrom('audit')
    .select(['entry', 'actor_id'])
    .where('type', '=', 'audit.read')
    .execute();
  const data = reads.map(({ entry }) => (JSON.parse(entry) as { data: object }).data);
  assert.deepEqual(data, [
    { what: 'page', filter: { actor: 'dev_0' }, entries: 3 },
    { what: 'page', filter: {}, entries: 0 },
  ]);
  assert.deepEqual([...new Set(reads.map((row) => row.actor_id))], ['usr_1']);
  const minuteLater = stateOf(deps).reads.flush(at + 60_000);
  assert.deepEqual(
    minuteLater.map((each) => each.data),
    [{ what: 'page', filter: { actor: 'dev_0' }, entries: 12, times: 4 }],
  );
  assert.deepEqual(stateOf(deps).reads.flush(at + 60_000), []);
});

test('an entry proves itself with what the server gives out, and without the server', async (t) => {
  const { call, deps } = await served(t);
  assert.equal((await call('/v1/admin/audit/3/proof')).status, 404, 'nothing is signed yet');
  assert.equal((await call('/v1/admin/audit/checkpoints/latest')).status, 404);
  await stateOf(deps).checkpointer.signAll(at);
  const { key } = auditKeySchema.parse(await (await call('/v1/audit/key')).json());
  for (const seq of [1, 3, 25]) {
    const given = auditProofSchema.parse(await (await call(`/v1/admin/audit/${seq}/proof`)).json());
    const checkpoint = openCheckpoint(given.checkpoint, readNoteKey(key)) ?? assert.fail();
    const proof = given.proof.map((hash) => Buffer.from(hash, 'base64'));
    assert.ok(
      verifyInclusion({
        leaf: hashLeaf(given.entry),
        index: seq - 1,
        size: checkpoint.size,
        proof,
        root: checkpoint.root,
      }),
    );
  }
  const latest = await call('/v1/admin/audit/checkpoints/latest');
  assert.match(latest.headers.get('content-type') ?? '', /^text\/plain/);
  const list = pageSchema(auditCheckpointSchema).parse(await (await call('/v1/admin/audit/checkpoints')).json());
  assert.equal(list.items[0]?.note, await latest.text());
  assert.equal((await call('/v1/admin/audit/99999/proof')).status, 404);
  assert.equal((await call('/v1/admin/audit/0/proof')).status, 400);
});

test('the whole log, exported over the API, is proven offline; what it is and who took it is recorded', async (t) => {
  const { call, recorded } = await served(t);
  const answer = await call('/v1/admin/audit/export?format=jsonl');
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/x-ndjson; charset=utf-8']);
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="postern-audit-[\d-]+\.jsonl"$/);
  const text = await answer.text();
  assert.ok(!text.includes('because'));
  const verdict = await verifyLog([Buffer.from(text)]);
  assert.deepEqual([verdict.outcome, 'entries' in verdict && verdict.entries], ['intact', 26]);
  const exported = (await recorded()).find(({ type }) => type === 'audit.exported');
  assert.deepEqual(exported?.data, { format: 'jsonl', filter: {}, withText: false, entries: 25 });
  assert.ok(text.includes('audit.exported'), 'the export holds that it was made');

  const some = await (await call('/v1/admin/audit/export?format=csv&type=token.issued&text=yes')).text();
  assert.equal(some.trimEnd().split('\r\n').length, 13);
  assert.ok(some.includes('because 24'));
  for (const query of ['?format=xml', '?format=csv&text=maybe', '?format=csv&from=x'])
    assert.equal((await call(`/v1/admin/audit/export${query}`)).status, 400, query);
});

test('an admin erases a text once, with a reason that is kept; an auditor does not, and the chain is whole', async (t) => {
  const asAuditor = await served(t);
  const erase = (call: typeof asAuditor.call, seq: number, body: unknown = { reason: 'It named a patient' }) =>
    call(`/v1/admin/audit/${seq}/text`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  assert.equal((await erase(asAuditor.call, 3)).status, 403);
  const hourAgo = await served(t, ['admin'], at - 3_600_000);
  const refused = await erase(hourAgo.call, 3);
  assert.equal(((await refused.json()) as { error_code?: string }).error_code, 'step_up_required', 'a stolen session');
  const { call, store } = await served(t, ['admin']);
  assert.equal((await erase(call, 3, { reason: '' })).status, 400);
  assert.equal((await erase(call, 3)).status, 204);
  assert.equal((await erase(call, 3)).status, 404);
  const last = await store.read
    .selectFrom('audit')
    .select(['type', 'subject_id'])
    .orderBy('seq', 'desc')
    .limit(1)
    .execute();
  assert.deepEqual(last, [{ type: 'audit.text-erased', subject_id: '3' }]);
  assert.equal(
    JSON.stringify(await store.read.selectFrom('audit_texts').selectAll().where('seq', '=', 3).execute()),
    '[]',
  );
  assert.equal((await verifyChain(readChain(store.read))).outcome, 'intact');
});

test('an admin who signed in just now erases all texts of somebody else, never their own', async (t) => {
  const { call, store } = await served(t, ['admin']);
  const person = (index: number) => `usr_${String(index).repeat(32)}`;
  const row = { name: 'Eve', roles: '[]', active: 1, created_at: 0, groups: '[]', manager_id: null, notify: '{}' };
  const said = { ...event(1), actor: { kind: 'person', id: person(2) } as const, text: 'my broken disk' };
  await store.commit({
    changes: [insert('users', { ...row, id: person(2), email: 'eve@example.com' })],
    audit: [said],
  });
  const erase = async (who: string, of = call) => {
    const init = { method: 'DELETE', headers: { 'content-type': 'application/json' }, body: '{"reason":"On request"}' };
    const answer = await of(`/v1/admin/users/${who}/texts`, init);
    return { status: answer.status, body: (await answer.json()) as object };
  };
  assert.deepEqual(await erase(person(2)), { status: 200, body: { texts: 1, copies: 0 } });
  assert.equal((await erase(person(3))).status, 404);
  assert.equal((await erase('usr_1')).status, 400);
  const refused = [
    [['auditor'], at, 'not_allowed'],
    [['admin'], at - 3_600_000, 'step_up_required'],
  ] as const;
  for (const [roles, since, code] of refused) {
    const answer = await erase(person(2), (await served(t, roles, since)).call);
    assert.deepEqual([answer.status, 'error_code' in answer.body && answer.body.error_code], [403, code]);
  }
  const own = await erase(person(2), (await served(t, ['admin'], at, person(2))).call);
  assert.match(JSON.stringify(own), /nobody erases their own texts/);
});

test('every text that a person wrote or that was written on their devices goes at once; others stay', async (t) => {
  const { store, deps } = await served(t);
  const by = { actor: systemActor, reason: 'Request of 3 May' };
  assert.deepEqual(await eraseTextsOf(store, 'dev_1', by, at), { texts: 12, copies: 0 });
  assert.deepEqual(await eraseTextsOf(store, 'dev_1', by, at), { texts: 0, copies: 0 });
  const left = await store.read
    .selectFrom('audit_texts')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirst();
  assert.equal(Number(left?.count), 13 + 1, 'and the reason');
  assert.deepEqual((await verifyStored(store.read, deps.config, undefined)).outcome, 'intact');
});
