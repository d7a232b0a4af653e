import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hour, minute } from '@postern/shared/time';
import type { Session } from '@postern/shared/protocol/sign-in';
import { openIdentity } from '../testing/open-identity.ts';
import { Tab } from '../testing/tab.ts';

type Identity = Awaited<ReturnType<typeof openIdentity>>;

async function signedIn(identity: Identity, person: { id: string }, tab = new Tab(identity)): Promise<Tab> {
  const { code } = await tab.post('/v1/admin/session', { code: await identity.link(person) });
  assert.equal(code, undefined);
  return tab;
}

async function sessionsOf(identity: Identity, as: Identity['ada'], cookie = ''): Promise<Session[]> {
  return (await identity.call<{ items: Session[] }>('GET', '/v1/me/sessions', { as, headers: { cookie } })).body.items;
}

describe('a session', () => {
  test('ends after two hours in which nothing is done, and after twelve whatever is done', async (t) => {
    const identity = await openIdentity(t);
    const idle = await signedIn(identity, identity.ada);
    identity.pass(2 * hour - 1);
    assert.equal(await idle.whoIs(), 'Ada');
    identity.pass(2 * hour);
    assert.equal(await idle.whoIs(), 'not_signed_in');

    const busy = await signedIn(identity, identity.ada);
    for (let passed = 0; passed < 12 * hour; passed += hour) {
      assert.equal(await busy.whoIs(), 'Ada');
      identity.pass(hour);
    }
    assert.equal(await busy.whoIs(), 'not_signed_in');
  });

  test('is not written down anew for every call', async (t) => {
    const identity = await openIdentity(t);
    const tab = await signedIn(identity, identity.ada);
    const writes = () => identity.store.roundTrips().writes;
    const before = writes();
    for (let count = 0; count < 20; count += 1) {
      identity.pass(10_000);
      assert.equal(await tab.whoIs(), 'Ada');
    }
    assert.equal(writes(), before);
    identity.pass(5 * minute);
    await tab.whoIs();
    assert.ok(writes() > before);
  });

  test('that a browser brings along to a sign-in ends with it, whoever it was of', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['employee']);
    const tab = await signedIn(identity, bob);
    const before = tab.session ?? assert.fail();
    await signedIn(identity, identity.ada, tab);
    assert.notEqual(tab.session, before);
    assert.equal(await tab.whoIs(), 'Ada');
    assert.equal(await identity.whoIs({ cookie: `__Host-postern=${before}` }), 'not_signed_in');
    const [entry] = await identity.audited('person.signed-out');
    assert.deepEqual([entry?.subject.id, entry?.data], [bob.id, { cause: 'signed-in-again' }]);
  });

  test('that somebody planted is never the one that somebody gets', async (t) => {
    const identity = await openIdentity(t);
    const planted = 'A'.repeat(43);
    const tab = new Tab(identity);
    tab.cookies.set('__Host-postern', planted);
    await signedIn(identity, identity.ada, tab);
    assert.notEqual(tab.session, planted);
    assert.equal(await identity.whoIs({ cookie: `__Host-postern=${planted}` }), 'not_signed_in');
    assert.deepEqual(await identity.audited('person.signed-out'), []);
  });

  test('is listed for its person by how, where and when, and which of them asks', async (t) => {
    const identity = await openIdentity(t);
    const tab = await signedIn(identity, identity.ada);
    identity.pass(minute);
    await signedIn(identity, identity.ada);
    await signedIn(identity, await identity.add('Bob', ['employee']));
    const [other, mine, ...rest] = await sessionsOf(identity, identity.ada, tab.cookie);
    assert.equal(rest.length, 0);
    assert.deepEqual([other?.current, mine?.current], [false, true]);
    assert.deepEqual(
      [mine?.method, mine?.userAgent, mine?.remoteAddress],
      ['sign-in-link', 'Test browser 1.0', '192.0.2.1'],
    );
    assert.equal(
      await identity.whoIs({ cookie: `__Host-postern=${mine?.id}` }),
      'not_signed_in',
      'its id opens nothing',
    );
  });

  test('keeps of what a browser calls itself what can be shown, and no more than fits', async (t) => {
    const identity = await openIdentity(t);
    const tab = new Tab(identity);
    const headers = { 'user-agent': `\u202eevil\u0007<b>${'x'.repeat(5000)}` };
    await tab.send('POST', '/v1/admin/session', { body: { code: await identity.link(identity.ada) }, headers });
    const [session] = await sessionsOf(identity, identity.ada);
    assert.match(session?.userAgent ?? '', /^evil<b>x{249}$/);
  });

  test('can be ended by its person from elsewhere, and by nobody who is somebody else', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['admin']);
    const [here, there] = [await signedIn(identity, identity.ada), await signedIn(identity, identity.ada)];
    const id = (await sessionsOf(identity, identity.ada, here.cookie)).find(({ current }) => !current)?.id ?? '';
    const end = (as: Identity['ada']) => identity.call('DELETE', `/v1/me/sessions/${id}`, { as });
    assert.equal((await end(bob)).code, 'not_found');
    assert.equal(await there.whoIs(), 'Ada');
    assert.equal((await end(identity.ada)).status, 204);
    assert.equal(await there.whoIs(), 'not_signed_in');
    assert.equal(await here.whoIs(), 'Ada');
    assert.equal((await end(identity.ada)).code, 'not_found', 'it is over');
    assert.equal((await identity.audited('person.sessions-ended')).length, 1);
  });
});

describe('signing out everywhere', () => {
  test('ends every session and every link that was not used, of this person and nobody else', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['employee']);
    const [one, two, his] = [
      await signedIn(identity, identity.ada),
      await signedIn(identity, identity.ada),
      await signedIn(identity, bob),
    ];
    const unused = await identity.link(identity.ada);
    const { body, headers } = await identity.call('DELETE', '/v1/me/sessions', { as: identity.ada });
    assert.deepEqual(body, { ended: 2 });
    assert.match(headers['set-cookie'] ?? '', /Max-Age=0/);
    for (const tab of [one, two]) assert.equal(await tab.whoIs(), 'not_signed_in');
    assert.equal((await identity.signIn(unused)).code, 'sign_in_link_invalid');
    assert.equal(await his.whoIs(), 'Bob');
  });

  test('is done to somebody else by admins only, who are on the record', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver', 'auditor', 'employee']);
    const hers = await signedIn(identity, identity.ada);
    const his = await signedIn(identity, bob);
    const of = (person: { id: string }) => `/v1/admin/users/${person.id}/sessions`;
    assert.equal((await identity.call('DELETE', of(identity.ada), { as: bob })).code, 'not_allowed');
    assert.equal(await hers.whoIs(), 'Ada');
    assert.deepEqual((await identity.call('DELETE', of(bob), { as: identity.ada })).body, { ended: 1 });
    assert.equal(await his.whoIs(), 'not_signed_in');
    const [entry] = await identity.audited('person.sessions-ended');
    assert.deepEqual([entry?.actor.id, entry?.subject.id, entry?.data], [identity.ada.id, bob.id, { count: 1 }]);
    const nobody = { id: `usr_${'0'.repeat(32)}` };
    for (const method of ['GET', 'DELETE'] as const)
      assert.equal((await identity.call(method, of(nobody), { as: identity.ada })).code, 'not_found');
  });
});
