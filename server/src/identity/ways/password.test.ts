import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Role } from '@postern/shared/protocol/admin';
import { day, minute, second } from '@postern/shared/time';
import { generateSync } from 'otplib';
import { stepUpRoutes } from '../../step-up/index.ts';
import { callRoute } from '../../http/testing/call-route.ts';
import { issuer, openIdentity } from '../testing/open-identity.ts';
import { Tab } from '../testing/tab.ts';

const secret = 'correct-battery-horse';
type Identity = Awaited<ReturnType<typeof openIdentity>>;
type Known = Identity['ada'];

/** Somebody with a password, and with an authenticator app where one is asked for. */
async function withPassword(identity: Identity, name: string, roles: readonly Role[]): Promise<Known> {
  const person = await identity.add(name, roles);
  const { code } = await identity.callFresh('PUT', '/v1/me/password', { as: person, body: { password: secret } });
  assert.equal(code, undefined);
  return person;
}

async function withApp(identity: Identity, person: Known): Promise<() => string> {
  const as = { kind: 'person', via: 'session', authenticatedAt: identity.clock.at, ...person } as const;
  const call = (path: string, body: unknown) =>
    callRoute(stepUpRoutes(identity.deps), { method: 'POST', path, now: identity.clock.at, issuer }, { as, body });
  const app = String((await call('/v1/me/authenticator-app', {})).body['secret']);
  const code = () => generateSync({ secret: app, epoch: identity.clock.at / second });
  assert.equal((await call('/v1/me/authenticator-app/confirm', { code: code() })).status, 204);
  identity.pass(minute);
  return code;
}

const enter = (tab: Tab, email: string, password = secret) => tab.post('/v1/sign-in/password', { email, password });

describe('a password', () => {
  test('signs an employee in, however their address is spelt', async (t) => {
    const identity = await openIdentity(t);
    await withPassword(identity, 'Erin', ['employee']);
    const tab = new Tab(identity);
    const { status, body } = await enter(tab, ' ERIN@example.org ');
    assert.deepEqual([status, body['state']], [200, 'signed-in']);
    assert.equal(await tab.whoIs(), 'Erin');
    assert.deepEqual((await identity.audited('person.signed-in'))[0]?.data, { by: 'password' });
  });

  test('is no more than half of it for who has an authenticator app; the other half is a code, in the same browser', async (t) => {
    const identity = await openIdentity(t);
    const bob = await withPassword(identity, 'Bob', ['approver']);
    const code = await withApp(identity, bob);
    const tab = new Tab(identity);
    const { body } = await enter(tab, 'bob@example.org');
    assert.deepEqual([body['state'], body['ways']], ['second-factor', ['code']]);
    assert.equal(await tab.whoIs(), 'not_signed_in');
    const stranger = new Tab(identity);
    assert.equal((await stranger.post('/v1/sign-in/password/code', { code: code() })).code, 'sign_in_lost');
    assert.equal((await tab.post('/v1/sign-in/password/code', { code: '000000' })).code, 'step_up_invalid');
    assert.equal((await tab.post('/v1/sign-in/password/code', { code: code() })).status, 200);
    assert.equal(await tab.whoIs(), 'Bob');
    identity.pass(minute);
    assert.equal((await tab.post('/v1/sign-in/password/code', { code: code() })).code, 'sign_in_lost', 'it is used up');
  });

  test('is not enough for other roles than employee, unless the operator says so', async (t) => {
    const identity = await openIdentity(t);
    await withPassword(identity, 'Bob', ['employee', 'approver']);
    assert.equal((await enter(new Tab(identity), 'bob@example.org')).code, 'sign_in_factor_missing');
    const lax = await openIdentity(t, { signIn: { providers: [], passwords: true, passwordAlone: 'everybody' } });
    await withPassword(lax, 'Bob', ['approver']);
    assert.equal((await enter(new Tab(lax), 'bob@example.org')).status, 200);
    const strict = await openIdentity(t, { signIn: { providers: [], passwords: true, passwordAlone: 'nobody' } });
    await withPassword(strict, 'Erin', ['employee']);
    assert.equal((await enter(new Tab(strict), 'erin@example.org')).code, 'sign_in_factor_missing');
  });

  test('that is wrong, of nobody, of who has none, of who was sent away, or while it is locked is one answer', async (t) => {
    const identity = await openIdentity(t);
    const erin = await withPassword(identity, 'Erin', ['employee']);
    await identity.add('Olga', ['employee']);
    const eve = await withPassword(identity, 'Eve', ['employee']);
    await identity.call('PATCH', `/v1/admin/users/${eve.id}`, { as: identity.ada, body: { active: false } });
    const answers = [
      await enter(new Tab(identity), 'erin@example.org', 'wrong-wrong-wrong'),
      await enter(new Tab(identity), 'nobody@example.org'),
      await enter(new Tab(identity), 'olga@example.org'),
      await enter(new Tab(identity), 'eve@example.org'),
      await enter(new Tab(identity), 'eve@example.org', 'wrong-wrong-wrong'),
    ];
    for (let count = 0; count < 4; count += 1) await enter(new Tab(identity), 'erin@example.org', 'wrong-wrong-wrong');
    answers.push(
      await enter(new Tab(identity), 'erin@example.org'),
      await enter(new Tab(identity), 'erin@example.org'),
    );
    const [first] = answers;
    assert.equal(first?.code, 'sign_in_refused');
    for (const each of answers)
      assert.deepEqual([each.status, each.body, each.headers], [first.status, first.body, first.headers]);
    const [locked, ...more] = await identity.audited('person.sign-in-locked');
    assert.deepEqual([locked?.subject.id, more.length], [erin.id, 0], 'its person is told, once');
  });

  test('costs the same whether anybody has it or not', async (t) => {
    const identity = await openIdentity(t);
    await withPassword(identity, 'Erin', ['employee']);
    const spent = async (email: string) => {
      const { reads, writes } = identity.store.roundTrips();
      await enter(new Tab(identity), email, 'wrong-wrong-wrong');
      const after = identity.store.roundTrips();
      return { reads: after.reads - reads, commits: after.writes > writes };
    };
    await spent('nobody@example.org');
    const [known, unknown] = [await spent('erin@example.org'), await spent('nobody@example.org')];
    assert.deepEqual(known, unknown);
    assert.ok(unknown.commits);
  });

  test('locks after five wrong ones, for longer each time, and opens by itself', async (t) => {
    const identity = await openIdentity(t);
    await withPassword(identity, 'Erin', ['employee']);
    const wrong = async () => {
      for (let count = 0; count < 5; count += 1)
        await enter(new Tab(identity), 'erin@example.org', 'wrong-wrong-wrong');
    };
    const isOpen = async () => (await enter(new Tab(identity), 'erin@example.org')).status === 200;
    for (const length of [15 * minute, 30 * minute]) {
      await wrong();
      identity.pass(length - 1);
      assert.equal(await identity.store.read.selectFrom('sessions').selectAll().executeTakeFirst(), undefined);
      const row = await identity.store.read.selectFrom('passwords').selectAll().executeTakeFirstOrThrow();
      assert.equal(row.locked_until, identity.clock.at + 1);
      identity.pass(1);
    }
    assert.equal(await isOpen(), true);
    identity.pass(day);
    await wrong();
    identity.pass(15 * minute);
    assert.equal(await isOpen(), true, 'who got in begins anew');
  });

  test('is guessed no oftener by many who try at the same instant', async (t) => {
    const identity = await openIdentity(t);
    await withPassword(identity, 'Erin', ['employee']);
    await Promise.all(
      Array.from({ length: 20 }, () => enter(new Tab(identity), 'erin@example.org', 'wrong-wrong-wrong')),
    );
    const row = await identity.store.read.selectFrom('passwords').selectAll().executeTakeFirstOrThrow();
    assert.equal(row.failures, 5);
    assert.equal((await enter(new Tab(identity), 'erin@example.org')).code, 'sign_in_refused');
  });

  test('leaves neither itself nor what it is a hash of in the log, nor a guess of nobody', async (t) => {
    const identity = await openIdentity(t);
    await withPassword(identity, 'Erin', ['employee']);
    await enter(new Tab(identity), 'erin@example.org');
    await enter(new Tab(identity), 'nobody@example.org');
    const { hash } = await identity.store.read.selectFrom('passwords').selectAll().executeTakeFirstOrThrow();
    for (const table of ['audit', 'audit_texts', 'sign_ins', 'sessions', 'users'] as const) {
      const rows = JSON.stringify(await identity.store.read.selectFrom(table).selectAll().execute());
      for (const each of [secret, hash, 'nobody@example.org']) assert.ok(!rows.includes(each), table);
    }
    assert.deepEqual(await identity.audited('person.sign-in-refused'), []);
  });

  test('is taken from the console alone, and where there are passwords at all', async (t) => {
    const identity = await openIdentity(t);
    await withPassword(identity, 'Erin', ['employee']);
    const body = { email: 'erin@example.org', password: secret };
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      for (const [path, sent] of [
        ['/v1/sign-in/password', body],
        ['/v1/sign-in/password/code', { code: '123456' }],
        ['/v1/sign-in/passkey/options', {}],
      ] as const)
        assert.equal(
          (await new Tab(identity).send('POST', path, { body: sent, headers })).code,
          'origin_refused',
          path,
        );
    assert.equal(
      (await identity.call('POST', '/v1/sign-in/password', { body })).code,
      'origin_refused',
      'nor by no browser',
    );
    const ways = (await identity.call<{ items: unknown[] }>('GET', '/v1/sign-in/ways')).body.items;
    assert.deepEqual(ways, [{ way: 'passkey' }, { way: 'password' }]);

    const without = await openIdentity(t, { signIn: { providers: [], passwords: false, passwordAlone: 'everybody' } });
    const bob = await without.add('Bob', ['employee']);
    assert.equal(
      (await without.callFresh('PUT', '/v1/me/password', { as: bob, body: { password: secret } })).code,
      'not_found',
    );
    assert.equal((await enter(new Tab(without), 'bob@example.org')).code, 'sign_in_refused');
  });
});

describe('giving oneself a password', () => {
  test('takes a fresh proof, a good one, and ends the other sessions', async (t) => {
    const identity = await openIdentity(t);
    const erin = await identity.add('Erin', ['employee']);
    const stale = await identity.call('PUT', '/v1/me/password', { as: erin, body: { password: secret } });
    assert.equal(stale.code, 'step_up_required');
    const bad = await identity.callFresh('PUT', '/v1/me/password', {
      as: erin,
      body: { password: 'erin.example.org' },
    });
    assert.equal(bad.code, 'password_refused');
    assert.match(JSON.stringify(bad.body['details']), /name/);
    const here = await identity.cookieOf(erin);
    const there = await identity.cookieOf(erin);
    const set = { as: erin, body: { password: secret }, headers: { cookie: here } };
    assert.equal((await identity.callFresh('PUT', '/v1/me/password', set)).status, 204);
    assert.equal(await identity.whoIs({ cookie: here }), 'Erin');
    assert.equal(await identity.whoIs({ cookie: there }), 'not_signed_in');
    assert.equal((await identity.audited('password.set')).length, 1);
  });

  test('can be undone by oneself, or by an admin, who never learns it', async (t) => {
    const identity = await openIdentity(t);
    const erin = await withPassword(identity, 'Erin', ['employee']);
    const bob = await identity.add('Bob', ['approver', 'auditor']);
    assert.equal(
      (await identity.call('DELETE', `/v1/admin/users/${erin.id}/password`, { as: bob })).code,
      'not_allowed',
    );
    assert.equal(
      (await identity.call('DELETE', `/v1/admin/users/${erin.id}/password`, { as: identity.ada })).status,
      204,
    );
    assert.equal((await enter(new Tab(identity), 'erin@example.org')).code, 'sign_in_refused');
    assert.equal(
      (await identity.call('DELETE', `/v1/admin/users/${erin.id}/password`, { as: identity.ada })).code,
      'not_found',
    );
    await identity.callFresh('PUT', '/v1/me/password', { as: erin, body: { password: secret } });
    assert.equal((await identity.callFresh('DELETE', '/v1/me/password', { as: erin, body: {} })).status, 204);
    assert.deepEqual(
      (await identity.audited('password.removed')).map(({ actor }) => actor.id),
      [identity.ada.id, erin.id],
    );
  });
});
