import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import { systemActor } from '../audit/event.ts';
import type { Store } from '../storage/store.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { createCurrentPolicies } from './current.ts';
import { ensureDefaultPolicy, publishPolicy, tryPolicy } from './publish.ts';
import { noon } from './testing/given.ts';

function text(require = 'value.enabled', policy = 'laptops'): string {
  return `policy: ${policy}
title: Laptops
rules:
  - id: firewall
    title: Firewall
    check: firewall
    require: ${require}
    expected: It is on.
`;
}

async function epochOf({ read }: Store): Promise<string> {
  const { value } = await read
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'policy_epoch')
    .executeTakeFirstOrThrow();
  return value;
}

function versionsOf({ read }: Store) {
  return read
    .selectFrom('policies')
    .select(['name', 'version', 'current'])
    .orderBy('name')
    .orderBy('version')
    .execute();
}

const refused = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;

test('a first publication is version 1, the next one takes its place, and each is audited', async (t) => {
  const store = await openTestStore(t);
  const before = await epochOf(store);
  await publishPolicy(store, text(), systemActor, noon);
  const between = await epochOf(store);
  const second = await publishPolicy(store, text('value.enabled == false'), systemActor, noon + 1);
  assert.equal(second.version, 2);
  assert.deepEqual(await versionsOf(store), [
    { name: 'laptops', version: 1, current: 0 },
    { name: 'laptops', version: 2, current: 1 },
  ]);
  assert.equal(new Set([before, between, await epochOf(store)]).size, 3);
  const audit = await store.read
    .selectFrom('audit')
    .select(['type', 'actor_id', 'subject_id', 'entry'])
    .orderBy('seq')
    .execute();
  assert.deepEqual(
    audit.map(({ type, actor_id, subject_id }) => [type, actor_id, subject_id]),
    [
      ['policy.published', null, 'laptops'],
      ['policy.published', null, 'laptops'],
    ],
  );
  assert.match(audit[1]?.entry ?? '', /"previousVersion":1/);
  assert.match(audit[1]?.entry ?? '', /"approval":"command-line"/);
});

test('publishing the same again is refused and changes nothing', async (t) => {
  const store = await openTestStore(t);
  await publishPolicy(store, text(), systemActor, noon);
  const epoch = await epochOf(store);
  await assert.rejects(publishPolicy(store, text(), systemActor, noon), refused('policy_unchanged'));
  assert.equal(await epochOf(store), epoch);
});

test('an earlier version can be published again', async (t) => {
  const store = await openTestStore(t);
  await publishPolicy(store, text(), systemActor, noon);
  await publishPolicy(store, text('value.enabled == false'), systemActor, noon);
  assert.equal((await publishPolicy(store, text(), systemActor, noon)).version, 3);
});

test('of publications at the same moment one is kept and the others are told', async (t) => {
  const store = await openTestStore(t);
  await publishPolicy(store, text(), systemActor, noon);
  const drafts = ['value.enabled == false', 'value.provider == "ufw"', 'value.enabled == true'];
  const results = await Promise.allSettled(drafts.map((each) => publishPolicy(store, text(each), systemActor, noon)));
  const [kept, ...others] = results.toSorted((left, right) => left.status.localeCompare(right.status));
  assert.equal(kept?.status, 'fulfilled');
  for (const other of others) assert.ok(other.status === 'rejected' && refused('conflict')(other.reason));
  assert.equal((await versionsOf(store)).length, 2);
});

test('what a version enforces stands beside it, and in the audit', async (t) => {
  const store = await openTestStore(t);
  await publishPolicy(store, `enforcement: report-only\n${text()}`, systemActor, noon, { note: 'First look at it' });
  await publishPolicy(store, text(), systemActor, noon);
  const rows = await store.read.selectFrom('policies').select(['enforcement', 'note']).orderBy('version').execute();
  assert.deepEqual(rows, [
    { enforcement: 'report-only', note: 'First look at it' },
    { enforcement: 'enforce', note: null },
  ]);
  const entries = await store.read.selectFrom('audit').select('entry').orderBy('seq').execute();
  assert.match(entries[0]?.entry ?? '', /"enforcement":"report-only"/);
  assert.ok(!entries[0]?.entry.includes('First look'), 'what a person wrote lies beside the chain');
});

test('an invalid document changes nothing', async (t) => {
  const store = await openTestStore(t);
  await assert.rejects(publishPolicy(store, text('value.enabeld'), systemActor, noon), refused('policy_invalid'));
  assert.deepEqual(await versionsOf(store), []);
});

test('a trial says which rules would change and writes nothing', async (t) => {
  const store = await openTestStore(t);
  await publishPolicy(store, text(), systemActor, noon);
  const trial = await tryPolicy(store, text('value.enabled == false'));
  assert.deepEqual(trial, {
    name: 'laptops',
    version: 2,
    title: 'Laptops',
    unchanged: false,
    changedRules: ['firewall'],
  });
  const words = await tryPolicy(store, text().replace('It is on.', 'Switched on.'));
  assert.deepEqual([words.unchanged, words.changedRules], [false, []]);
  assert.equal((await tryPolicy(store, text())).unchanged, true);
  assert.equal((await versionsOf(store)).length, 1);
});

test('a new installation begins with the default policy, once', async (t) => {
  const store = await openTestStore(t);
  const done = await Promise.all([ensureDefaultPolicy(store, noon), ensureDefaultPolicy(store, noon)]);
  assert.deepEqual(done.toSorted(), [false, true]);
  assert.equal(await ensureDefaultPolicy(store, noon), false);
  assert.deepEqual(await versionsOf(store), [{ name: 'baseline', version: 1, current: 1 }]);
  const { published_by } = await store.read.selectFrom('policies').select('published_by').executeTakeFirstOrThrow();
  assert.equal(published_by, 'system');
  const { entry } = await store.read.selectFrom('audit').select('entry').executeTakeFirstOrThrow();
  assert.match(entry, /"approval":"first-start"/);
});

test('an installation that has policies is left as it is', async (t) => {
  const store = await openTestStore(t);
  await publishPolicy(store, text(), systemActor, noon);
  assert.equal(await ensureDefaultPolicy(store, noon), false);
  assert.equal((await versionsOf(store)).length, 1);
});

test('the policies in memory are those of the epoch that is asked for', async (t) => {
  const store = await openTestStore(t);
  const current = createCurrentPolicies(store);
  assert.deepEqual((await current.at(await epochOf(store))).policies, []);
  await publishPolicy(store, text(), systemActor, noon);
  await publishPolicy(store, text('value.enabled', 'another'), systemActor, noon);
  const { policies } = await current.at(await epochOf(store));
  assert.deepEqual(
    policies.map(({ name, version }) => [name, version]),
    [
      ['another', 1],
      ['laptops', 1],
    ],
  );
  await publishPolicy(store, text('value.enabled == false'), systemActor, noon);
  assert.deepEqual(
    (await current.at(await epochOf(store))).policies.map(({ version }) => version),
    [1, 2],
  );
});

test('however many ask after a publication, the policies are read once', async (t) => {
  const store = await openTestStore(t);
  const current = createCurrentPolicies(store);
  await publishPolicy(store, text(), systemActor, noon);
  const epoch = await epochOf(store);
  const { reads } = store.roundTrips();
  const answers = await Promise.all(Array.from({ length: 50 }, () => current.at(epoch)));
  await current.at(epoch);
  assert.equal(store.roundTrips().reads - reads, 1);
  assert.equal(new Set(answers).size, 1);
});

test('after a publication only what was published is compiled, and requests go first meanwhile', async (t) => {
  const store = await openTestStore(t);
  const current = createCurrentPolicies(store);
  for (const name of ['first', 'second', 'third'])
    await publishPolicy(store, text('value.enabled', name), systemActor, noon);
  let others = 0;
  const tick = () => {
    others += 1;
    request = setImmediate(tick);
  };
  let request = setImmediate(tick);
  const before = await current.at(await epochOf(store));
  clearImmediate(request);
  assert.ok(others >= 3, `${others} others in between`);
  await publishPolicy(store, text('value.enabled == true', 'second'), systemActor, noon);
  const after = await current.at(await epochOf(store));
  assert.deepEqual(
    after.policies.map((policy, index) => policy === before.policies[index]),
    [true, false, true],
  );
  assert.equal(after.policies[1]?.version, 2);
});

test('who knows of a newer epoch is not answered from a reading that began before it', async (t) => {
  const store = await openTestStore(t);
  const current = createCurrentPolicies(store);
  const early = current.at('an epoch that is no more');
  await publishPolicy(store, text(), systemActor, noon);
  const late = await current.at(await epochOf(store));
  assert.deepEqual(
    late.policies.map(({ name }) => name),
    ['laptops'],
  );
  await early;
});
