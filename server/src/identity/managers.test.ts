import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openIdentity } from './testing/open-identity.ts';

type Identity = Awaited<ReturnType<typeof openIdentity>>;
interface User {
  id: string;
  manager: string | null;
}

async function setManager(identity: Identity, person: { id: string }, manager: string | null) {
  return await identity.call<User>('PATCH', `/v1/admin/users/${person.id}`, { as: identity.ada, body: { manager } });
}

describe("a person's manager", () => {
  test('is nobody at first, is set and taken away by an admin, shown in the list and recorded', async (t) => {
    const identity = await openIdentity(t);
    const [eve, max] = [await identity.add('Eve', ['employee']), await identity.add('Max', ['employee'])];
    const { status, body } = await setManager(identity, eve, max.id);
    assert.deepEqual([status, body.manager], [200, max.id]);
    const list = await identity.call<{ items: User[] }>('GET', '/v1/admin/users', { as: identity.ada });
    assert.deepEqual(
      list.body.items.map(({ id, manager }) => [id, manager]),
      [
        [identity.ada.id, null],
        [eve.id, max.id],
        [max.id, null],
      ],
    );
    assert.equal((await identity.audited('user.changed')).at(-1)?.data['manager'], max.id);
    const renamed = await identity.call<User>('PATCH', `/v1/admin/users/${eve.id}`, {
      as: identity.ada,
      body: { name: 'Eva' },
    });
    assert.equal(renamed.body.manager, max.id, 'another change leaves it');
    assert.equal((await setManager(identity, eve, null)).body.manager, null);
  });

  test('is not the person, nor anybody below them, however far', async (t) => {
    const identity = await openIdentity(t);
    const [eve, max, zoe] = await Promise.all(['Eve', 'Max', 'Zoe'].map((name) => identity.add(name, ['employee'])));
    assert.ok(eve && max && zoe);
    assert.equal((await setManager(identity, eve, eve.id)).code, 'malformed_request');
    assert.equal((await setManager(identity, eve, max.id)).status, 200);
    assert.equal((await setManager(identity, max, zoe.id)).status, 200);
    const { code, body } = await setManager(identity, zoe, eve.id);
    assert.equal(code, 'malformed_request');
    assert.match(JSON.stringify(body), /stand below/);
    assert.equal((await setManager(identity, zoe, identity.ada.id)).status, 200);
  });

  test('closes no circle when two are set at the same instant', async (t) => {
    const identity = await openIdentity(t);
    const [eve, max] = [await identity.add('Eve', ['employee']), await identity.add('Max', ['employee'])];
    const answers = await Promise.all([setManager(identity, eve, max.id), setManager(identity, max, eve.id)]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['conflict', 'done']);
  });

  test('nok: nobody, somebody who has left, or no id', async (t) => {
    const identity = await openIdentity(t);
    const [eve, max] = [await identity.add('Eve', ['employee']), await identity.add('Max', ['employee'])];
    await identity.call('PATCH', `/v1/admin/users/${max.id}`, { as: identity.ada, body: { active: false } });
    for (const manager of [max.id, `usr_${'0'.repeat(32)}`, 'Max', ''])
      assert.equal((await setManager(identity, eve, manager)).code, 'malformed_request', manager);
    const rows = await identity.store.read.selectFrom('users').select('manager_id').execute();
    assert.ok(rows.every(({ manager_id }) => manager_id === null));
  });
});
