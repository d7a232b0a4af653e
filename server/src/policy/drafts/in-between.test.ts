import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { systemActor } from '../../audit/event.ts';
import { changeUser, createUser } from '../../identity/users.ts';
import { systemRandom } from '../../random.ts';
import type { Store } from '../../storage/store.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { publishPolicy } from '../publish.ts';
import { laptops, openDraftDesk } from '../testing/draft-desk.ts';
import { noon } from '../testing/given.ts';

/** A desk at which something can happen between what a decision read and what it writes. */
async function given(t: TestContext) {
  const store = await openTestStore(t);
  let inBetween: (() => Promise<unknown>) | undefined;
  const interrupted: Store = {
    kind: store.kind,
    read: store.read,
    commit: async (unit) => {
      const first = inBetween;
      inBetween = undefined;
      await first?.();
      return store.commit(unit);
    },
    keeping: store.keeping,
    roundTrips: () => store.roundTrips(),
    check: () => store.check(),
    close: () => store.close(),
  };
  return {
    store,
    quiet: await openDraftDesk(t, store),
    desk: await openDraftDesk(t, interrupted),
    meanwhile: (act: () => Promise<unknown>) => void (inBetween = act),
  };
}

const bob = { name: 'Bob', email: 'bob@example.org', roles: ['admin'] } as const;

test('the only admin approves nothing of their own when another one appears before it is written', async (t) => {
  const { desk, quiet, store, meanwhile } = await given(t);
  const ada = await desk.add('Ada');
  const waiting = await quiet.submitted(ada);
  const more = { store, random: systemRandom };
  meanwhile(() => createUser(more, bob, systemActor, noon));
  assert.equal((await desk.approve(ada, waiting)).code, 'second_approval_required');
  assert.deepEqual(await desk.versions(), []);
});

test('nor publishes directly, nor goes back at once', async (t) => {
  const { desk, quiet, store, meanwhile } = await given(t);
  const ada = await desk.add('Ada');
  for (const document of [laptops(), laptops('value.enabled == true')]) await quiet.publish(ada, document);
  const more = { store, random: systemRandom };
  meanwhile(() => createUser(more, bob, systemActor, noon));
  assert.equal((await desk.publish(ada, laptops('value.enabled != false'))).code, 'conflict');
  const { id } = await store.read.selectFrom('users').select('id').where('name', '=', 'Bob').executeTakeFirstOrThrow();
  const stand = (active: boolean) => changeUser(more, id, { active }, systemActor, noon);
  await stand(false);
  meanwhile(() => stand(true));
  const rollback = { body: { version: 1, reason: 'x' } };
  const { body } = await desk.call('POST', 'policies/laptops/rollback', ada, rollback);
  assert.equal(body['state'], 'submitted', 'it waits for Bob now');
  assert.equal((await desk.versions()).length, 2);
});

test('an approval by somebody who is sent away before it is written counts for nothing', async (t) => {
  const { desk, quiet, store, meanwhile } = await given(t);
  const [ada, other] = [await desk.add('Ada'), await desk.add('Other')];
  const waiting = await quiet.submitted(ada);
  meanwhile(() => changeUser({ store, random: systemRandom }, other.id, { active: false }, systemActor, noon));
  assert.equal((await desk.approve(other, waiting)).code, 'not_allowed');
  assert.deepEqual(await desk.versions(), []);
});

test('what is edited, or overtaken by another publication, before the approval is written is not published', async (t) => {
  const { desk, quiet, store, meanwhile } = await given(t);
  const [ada, other] = [await desk.add('Ada'), await desk.add('Other')];
  const waiting = await quiet.submitted(ada);
  meanwhile(() => quiet.edit(ada, waiting, laptops('value.enabled == true')));
  assert.equal((await desk.approve(other, waiting)).code, 'conflict');
  const again = (await quiet.submit(ada, (await quiet.see(ada, waiting)).body)).body;
  meanwhile(() => publishPolicy(store, laptops(), systemActor, noon));
  assert.equal((await desk.approve(other, again)).code, 'policy_draft_outdated');
  assert.deepEqual(
    (await desk.versions()).map(({ version, drafted_by }) => [version, drafted_by]),
    [[1, null]],
  );
});

test('something else that changes the rulebook meanwhile is only waited for', async (t) => {
  const { desk, quiet, store, meanwhile } = await given(t);
  const [ada, other] = [await desk.add('Ada'), await desk.add('Other')];
  const waiting = await quiet.submitted(ada);
  const phones = laptops().replace('policy: laptops', 'policy: phones');
  meanwhile(() => publishPolicy(store, phones, systemActor, noon));
  assert.equal((await desk.approve(other, waiting)).body.state, 'published');
});

test('a change of a draft that somebody else changed before it is written is told so', async (t) => {
  const { desk, quiet, meanwhile } = await given(t);
  const ada = await desk.add('Ada');
  const { body: draft } = await quiet.write(ada, laptops());
  meanwhile(() => quiet.edit(ada, draft, laptops('value.enabled == true')));
  assert.equal((await desk.submit(ada, draft)).code, 'conflict');
  assert.equal((await quiet.see(ada, draft)).body.state, 'draft');
});
