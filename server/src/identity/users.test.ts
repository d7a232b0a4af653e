import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemActor } from '../audit/event.ts';
import { systemRandom } from '../random.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { createUser, ensureFirstAdmin, findUserByEmail } from './index.ts';
import { openIdentity, opened } from './testing/open-identity.ts';

type Identity = Awaited<ReturnType<typeof openIdentity>>;
interface User {
  id: string;
  name: string;
  email: string;
  roles: string[];
  active: boolean;
}

async function change(identity: Identity, user: { id: string }, body: Record<string, unknown>, as = identity.ada) {
  return await identity.call<User>('PATCH', `/v1/admin/users/${user.id}`, { as, body });
}

async function post(identity: Identity, body: Record<string, unknown>, as = identity.ada) {
  return await identity.call<User>('POST', '/v1/admin/users', { as, body });
}

describe('people', () => {
  test('are made by admins, with each role once, and that is recorded', async (t) => {
    const identity = await openIdentity(t);
    const { status, body } = await post(identity, {
      name: 'Bob',
      email: 'Bob@Example.ORG',
      roles: ['approver', 'approver'],
    });
    assert.equal(status, 201);
    assert.deepEqual([body.email, body.roles, body.active], ['bob@example.org', ['approver'], true]);
    const entry = (await identity.audited('user.created')).at(-1);
    assert.deepEqual(
      [entry?.actor.id, entry?.subject.id, entry?.data],
      [identity.ada.id, body.id, { roles: ['approver'] }],
    );
  });

  test('have an address of their own, however it is written, also at the same instant', async (t) => {
    const identity = await openIdentity(t);
    const wish = { name: 'Bob', roles: ['employee'] };
    const answers = await Promise.all(
      ['bob@example.org', 'BOB@example.org', 'bob@EXAMPLE.org'].map((email) => post(identity, { ...wish, email })),
    );
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['done', 'email_taken', 'email_taken']);
    assert.equal((await findUserByEmail(identity.store.read, 'BOB@EXAMPLE.ORG'))?.name, 'Bob');
    assert.equal(await findUserByEmail(identity.store.read, 'eve@example.org'), undefined);
  });

  test('nok: made or changed by anybody else, or in a way that is none', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['employee', 'approver', 'auditor']);
    assert.equal((await post(identity, {}, bob)).code, 'not_allowed');
    assert.equal((await change(identity, bob, { roles: ['admin'] }, bob)).code, 'not_allowed');
    const good = { name: 'Eve', email: 'eve@example.org', roles: ['employee'] };
    for (const wrong of [
      { roles: [] },
      { roles: ['root'] },
      { email: 'eve' },
      { email: `${'e'.repeat(250)}@example.org` },
      { name: 'two\nlines' },
      { name: '' },
      { id: 'usr_mine' },
      { active: false },
    ])
      assert.equal((await post(identity, { ...good, ...wrong })).code, 'malformed_request', JSON.stringify(wrong));
    assert.equal((await change(identity, { id: `usr_${'0'.repeat(32)}` }, { name: 'Eve' })).code, 'not_found');
    assert.equal((await change(identity, bob, { email: 'other@example.org' })).code, 'malformed_request');
  });

  test('are listed for those who decide and audit, not for employees', async (t) => {
    const identity = await openIdentity(t);
    for (const [role, code] of [
      ['approver', undefined],
      ['auditor', undefined],
      ['employee', 'not_allowed'],
    ] as const) {
      const as = await identity.add(role, [role]);
      assert.equal((await identity.call('GET', '/v1/admin/users', { as })).code, code);
    }
  });
});

describe('somebody who is sent away', () => {
  test('loses sessions, links and roles at once, and gets none of them back', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver']);
    const cookie = await identity.cookieOf(bob);
    const code = await identity.link(bob);
    assert.equal((await change(identity, bob, { active: false })).body.active, false);
    assert.equal(await identity.whoIs({ cookie }), 'not_signed_in');
    assert.equal((await identity.signIn(code)).code, 'sign_in_link_invalid');
    assert.equal((await change(identity, bob, { active: true })).body.active, true);
    assert.equal(await identity.whoIs({ cookie }), 'not_signed_in');
    assert.equal((await identity.signIn(code)).code, 'sign_in_link_invalid');
    assert.equal(await identity.whoIs({ cookie: await identity.cookieOf(bob) }), 'Bob');
  });

  test('leaves the others signed in', async (t) => {
    const identity = await openIdentity(t);
    const cookie = await identity.cookieOf(identity.ada);
    await change(identity, await identity.add('Bob', ['approver']), { active: false });
    assert.equal(await identity.whoIs({ cookie }), 'Ada');
  });
});

describe('the last admin', () => {
  test('stays one, whatever is tried', async (t) => {
    const identity = await openIdentity(t);
    for (const body of [{ active: false }, { roles: ['approver'] }, { active: false, roles: ['admin'] }])
      assert.equal((await change(identity, identity.ada, body)).code, 'last_admin');
    assert.equal((await change(identity, identity.ada, { name: 'Ada L.', roles: ['admin', 'approver'] })).status, 200);
    const away = await identity.add('Zoe', ['admin']);
    await change(identity, away, { active: false });
    assert.equal(
      (await change(identity, identity.ada, { active: false })).code,
      'last_admin',
      'who is away is no admin',
    );
  });

  test('is there still when two admins remove each other at the same instant', async (t) => {
    const identity = await openIdentity(t);
    const zoe = await identity.add('Zoe', ['admin']);
    const answers = await Promise.all([
      change(identity, zoe, { roles: ['employee'] }),
      change(identity, identity.ada, { active: false }, zoe),
    ]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), ['conflict', 'done']);
    const users = await identity.store.read.selectFrom('users').selectAll().execute();
    assert.equal(users.filter((user) => user.active === 1 && user.roles.includes('"admin"')).length, 1);
  });
});

describe('the first admin', () => {
  test('is made once in an empty database, and may then be changed', async (t) => {
    const store = await openTestStore(t);
    const deps = { store, random: systemRandom };
    const made = await ensureFirstAdmin(deps, opened);
    assert.equal(made?.roles, '["admin"]');
    assert.equal(await ensureFirstAdmin(deps, opened), undefined);
    const entries = await store.read.selectFrom('audit').select('type').execute();
    assert.deepEqual(entries, [{ type: 'server.initialised' }]);
  });

  test('is one when two processes start at the same instant', async (t) => {
    const store = await openTestStore(t);
    const other = await openTestStore(t, { databaseUrl: store.databaseUrl });
    const made = await Promise.all(
      [store, other, store].map((each) => ensureFirstAdmin({ store: each, random: systemRandom }, opened)),
    );
    assert.equal(made.filter((each) => each !== undefined).length, 1);
    assert.equal((await store.read.selectFrom('users').selectAll().execute()).length, 1);
  });

  test('is not made where there is somebody, who can be changed all the same', async (t) => {
    const identity = await openIdentity(t);
    assert.equal(await ensureFirstAdmin(identity.deps, opened), undefined);
    const wish = { name: 'Bob', email: 'bob@example.org', roles: ['employee'] as const };
    const bob = await createUser(identity.deps, wish, systemActor, opened);
    assert.equal((await change(identity, bob, { roles: ['approver'] })).status, 200);
    assert.equal((await change(identity, bob, { roles: ['auditor'] })).status, 200);
  });
});
