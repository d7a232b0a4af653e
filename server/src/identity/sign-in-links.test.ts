import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minute } from '@postern/shared/time';
import { issuer, openIdentity } from './testing/open-identity.ts';

describe('a sign-in link', () => {
  test('signs its person in, once', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['employee']);
    const code = await identity.link(bob);
    const { status, body, headers } = await identity.signIn(code);
    assert.equal(status, 200);
    assert.equal(body['id'], bob.id);
    const cookie = headers['set-cookie'] ?? '';
    assert.match(cookie, /^__Host-postern=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=43200$/);
    assert.equal(await identity.whoIs({ cookie: cookie.split(';')[0] ?? '' }), 'Bob');

    assert.equal((await identity.signIn(code)).code, 'sign_in_link_invalid');
    assert.equal((await identity.audited('person.signed-in')).length, 1);
    const [refused] = await identity.audited('person.sign-in-refused');
    assert.deepEqual([refused?.outcome, refused?.subject.id, refused?.actor.id], ['failure', bob.id, null]);
  });

  test('used twice at the same instant signs in once', async (t) => {
    const identity = await openIdentity(t);
    const code = await identity.link(await identity.add('Bob', ['employee']));
    const answers = await Promise.all([identity.signIn(code), identity.signIn(code), identity.signIn(code)]);
    assert.deepEqual(answers.map(({ code }) => code ?? 'done').toSorted(), [
      'done',
      'sign_in_link_invalid',
      'sign_in_link_invalid',
    ]);
    assert.equal((await identity.store.read.selectFrom('sessions').selectAll().execute()).length, 1);
  });

  test('is good for half an hour', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['employee']);
    const [first, second] = [await identity.link(bob), await identity.link(bob)];
    identity.pass(30 * minute - 1);
    assert.equal((await identity.signIn(first)).status, 200);
    identity.pass(1);
    assert.equal((await identity.signIn(second)).code, 'sign_in_link_invalid');
  });

  test('nok: a guess, which is not recorded; nothing at all; something endless', async (t) => {
    const identity = await openIdentity(t);
    assert.equal((await identity.signIn('x'.repeat(43))).code, 'sign_in_link_invalid');
    assert.equal((await identity.signIn('')).code, 'malformed_request');
    assert.equal((await identity.signIn('x'.repeat(257))).code, 'malformed_request');
    assert.deepEqual(await identity.audited('person.sign-in-refused'), []);
  });

  test('nok: from another site', async (t) => {
    const identity = await openIdentity(t);
    const code = await identity.link(identity.ada);
    assert.equal((await identity.signIn(code, { origin: 'https://evil.example' })).code, 'origin_refused');
    assert.equal((await identity.signIn(code, { origin: 'null' })).code, 'origin_refused');
    assert.equal((await identity.signIn(code, { origin: issuer })).status, 200, 'the link was not spent by that');
  });

  test('its secret is in no table and no log entry', async (t) => {
    const identity = await openIdentity(t);
    const code = await identity.link(identity.ada);
    const cookie = await identity.cookieOf(identity.ada);
    const secrets = [code, cookie.split('=')[1] ?? assert.fail()];
    for (const table of ['sign_in_links', 'sessions', 'audit', 'audit_texts', 'users'] as const) {
      const rows = JSON.stringify(await identity.store.read.selectFrom(table).selectAll().execute());
      for (const secret of secrets) assert.ok(!rows.includes(secret), table);
    }
  });

  test('is made by admins only, for somebody who is there', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['employee', 'approver', 'auditor']);
    const path = `/v1/admin/users/${identity.ada.id}/sign-in-links`;
    assert.equal((await identity.call('POST', path, { as: bob })).code, 'not_allowed');
    const nobody = `/v1/admin/users/usr_${'0'.repeat(32)}/sign-in-links`;
    assert.equal((await identity.call('POST', nobody, { as: identity.ada })).code, 'not_found');
  });
});

describe('a session', () => {
  test('ends when its person signs out, once in the log', async (t) => {
    const identity = await openIdentity(t);
    const [cookie, other] = [await identity.cookieOf(identity.ada), await identity.cookieOf(identity.ada)];
    const signOut = () => identity.call('DELETE', '/v1/admin/session', { as: identity.ada, headers: { cookie } });
    const [first, second] = await Promise.all([signOut(), signOut()]);
    assert.deepEqual([first.status, second.status], [204, 204]);
    assert.match(first.headers['set-cookie'] ?? '', /^__Host-postern=; .*Max-Age=0$/);
    assert.equal(await identity.whoIs({ cookie }), 'not_signed_in');
    assert.equal(await identity.whoIs({ cookie: other }), 'Ada', 'another browser stays signed in');
    assert.equal((await identity.audited('person.signed-out')).length, 1);
  });

  test('of somebody else does not end that way', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['employee']);
    const cookie = await identity.cookieOf(identity.ada);
    await identity.call('DELETE', '/v1/admin/session', { as: bob, headers: { cookie } });
    assert.equal(await identity.whoIs({ cookie }), 'Ada');
  });

  test('shows roles as they are at each call', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver']);
    await identity.call('PATCH', `/v1/admin/users/${bob.id}`, { as: identity.ada, body: { roles: ['employee'] } });
    const { body } = await identity.call('GET', '/v1/admin/session', { as: bob });
    assert.deepEqual(body['roles'], ['employee']);
  });
});

describe('the session cookie', () => {
  test('on plain loopback has no prefix that browsers would refuse there', async (t) => {
    const identity = await openIdentity(t, { issuer: 'http://127.0.0.1:7420' });
    const { headers } = await identity.signIn(await identity.link(identity.ada));
    assert.match(headers['set-cookie'] ?? '', /^postern=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/);
  });

  test('is found among others, and not in a name that ends or begins alike', async (t) => {
    const identity = await openIdentity(t);
    const cookie = await identity.cookieOf(identity.ada);
    assert.equal(await identity.whoIs({ cookie: `a=b; ${cookie};c=d` }), 'Ada');
    for (const wrong of [
      `x${cookie}`,
      cookie.replace('=', '2='),
      cookie.replace('__Host-', ''),
      cookie.replace('=', ' = '),
    ])
      assert.equal(await identity.whoIs({ cookie: wrong }), 'not_signed_in', wrong);
  });

  test('given twice counts for nothing, even if both are the same', async (t) => {
    const identity = await openIdentity(t);
    const cookie = await identity.cookieOf(identity.ada);
    assert.equal(await identity.whoIs({ cookie: `${cookie}; ${cookie}` }), 'not_signed_in');
    assert.equal(await identity.whoIs({ cookie: `__Host-postern=x; ${cookie}` }), 'not_signed_in');
  });

  for (const cookie of [
    '',
    ';;;',
    '=',
    '__Host-postern',
    '__Host-postern=',
    '__Host-postern=\0',
    `__Host-postern=${'x'.repeat(9000)}`,
  ])
    test(`nok: ${JSON.stringify(cookie.slice(0, 30))}`, async (t) => {
      assert.equal(await (await openIdentity(t)).whoIs({ cookie }), 'not_signed_in');
    });
});
