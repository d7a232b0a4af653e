import assert from 'node:assert/strict';
import { openIdentity } from '@postern/server/identity/testing/open-identity';
import { Tab } from '@postern/server/identity/testing/tab';
import { onBothStores } from './both-stores.ts';

const password = 'correct-battery-horse';

onBothStores('wrong passwords at the same instant end in one lock, on two nodes as on one', async (t, database) => {
  const [here, there] = [
    await openIdentity(t, {}, await database.open()),
    await openIdentity(t, {}, await database.open()),
  ];
  const erin = await here.add('Erin', ['employee']);
  assert.equal((await here.callFresh('PUT', '/v1/me/password', { as: erin, body: { password } })).status, 204);
  const enter = (identity: typeof here, secret: string) =>
    new Tab(identity).post('/v1/sign-in/password', { email: 'erin@example.org', password: secret });
  const guesses = Array.from({ length: 12 }, (_, index) => enter(index % 2 === 0 ? here : there, 'wrong-wrong-wrong'));
  for (const { code } of await Promise.all(guesses)) assert.equal(code, 'sign_in_refused');
  const row = await here.store.read.selectFrom('passwords').selectAll().executeTakeFirstOrThrow();
  assert.equal(row.failures, 5);
  assert.ok(row.locked_until > here.clock.at);
  assert.equal((await enter(there, password)).code, 'sign_in_refused');
  assert.equal((await here.audited('person.sign-in-locked')).length, 1);
});

onBothStores('people come page by page, each once, and are found by what they are', async (t, database) => {
  const identity = await openIdentity(t, {}, await database.open());
  for (const name of ['bea', 'Ben', 'Zoë', 'Ärmel', 'Carl']) await identity.add(name, ['approver', 'employee']);
  const list = async (query: Record<string, string>) =>
    (
      await identity.call<{ items: { name: string }[]; next: string | null }>('GET', '/v1/admin/users', {
        as: identity.ada,
        query,
      })
    ).body;
  const seen: string[] = [];
  for (let page = await list({ limit: '2' }); ; page = await list({ limit: '2', after: page.next })) {
    seen.push(...page.items.map(({ name }) => name));
    if (page.next === null) break;
  }
  assert.deepEqual(seen.toSorted(), ['Ada', 'Ben', 'Carl', 'Zoë', 'bea', 'Ärmel'].toSorted());
  assert.deepEqual(
    (await list({ role: 'admin' })).items.map(({ name }) => name),
    ['Ada'],
  );
  assert.deepEqual(
    (await list({ q: 'BEA' })).items.map(({ name }) => name),
    ['bea'],
  );
  const { body } = await identity.call('GET', `/v1/admin/users/${identity.ada.id}`, { as: identity.ada });
  assert.deepEqual([body['devices'], body['lastSignInAt']], [0, null]);
});

onBothStores('a session is kept by use, and ended everywhere at once', async (t, database) => {
  const identity = await openIdentity(t, {}, await database.open());
  const cookies = [await identity.cookieOf(identity.ada), await identity.cookieOf(identity.ada)];
  identity.pass(3_600_000);
  for (const cookie of cookies) assert.equal(await identity.whoIs({ cookie }), 'Ada');
  identity.pass(3_600_000);
  for (const cookie of cookies) assert.equal(await identity.whoIs({ cookie }), 'Ada', 'it would be over by now');
  const { body } = await identity.call('DELETE', '/v1/me/sessions', { as: identity.ada });
  assert.deepEqual(body, { ended: 2 });
  for (const cookie of cookies) assert.equal(await identity.whoIs({ cookie }), 'not_signed_in');
});
