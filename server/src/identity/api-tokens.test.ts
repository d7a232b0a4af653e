import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, hour, minute, toTimestamp } from '@postern/shared/time';
import { openIdentity, opened } from './testing/open-identity.ts';

type Identity = Awaited<ReturnType<typeof openIdentity>>;
interface Made {
  id: string;
  token: string;
  expiresAt: string;
}

async function make(identity: Identity, user: { id: string }, body: Record<string, unknown> = {}) {
  const path = `/v1/admin/users/${user.id}/api-tokens`;
  return await identity.call<Made>('POST', path, { as: identity.ada, body: { label: 'Nightly job', ...body } });
}

async function revoke(identity: Identity, user: { id: string }, { id }: { id: string }, as = identity.ada) {
  return await identity.call('DELETE', `/v1/admin/users/${user.id}/api-tokens/${id}`, { as });
}

const bearer = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` });

describe('an admin API token', () => {
  test('lets its holder in as its person, until its time is over', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver']);
    const { status, body } = await make(identity, bob, { life: '1h' });
    assert.equal(status, 201);
    assert.match(body.token, /^postern_admin_[\w-]{43}$/);
    assert.equal(body.expiresAt, toTimestamp(opened + hour));
    assert.equal(await identity.whoIs(bearer(body), 'POST'), 'Bob', 'from anywhere: no browser sends it by itself');
    assert.equal(await identity.whoIs({ authorization: `bearer ${body.token}` }), 'Bob');
    identity.pass(hour - 1);
    assert.equal(await identity.whoIs(bearer(body)), 'Bob');
    identity.pass(1);
    assert.equal(await identity.whoIs(bearer(body)), 'not_signed_in');
  });

  test('lives thirty days when nobody says, a minute at least and a year at most', async (t) => {
    const identity = await openIdentity(t);
    assert.equal((await make(identity, identity.ada)).body.expiresAt, toTimestamp(opened + 30 * day));
    for (const life of ['1m', '365d']) assert.equal((await make(identity, identity.ada, { life })).status, 201);
    for (const life of ['0', '59s', '365d1s', '999999w', '-1h', 'for ever'])
      assert.equal((await make(identity, identity.ada, { life })).code, 'malformed_request', life);
  });

  test('is good for nobody who has left, and stays so when they come back', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver']);
    const { body } = await make(identity, bob);
    const change = (active: boolean) =>
      identity.call('PATCH', `/v1/admin/users/${bob.id}`, { as: identity.ada, body: { active } });
    await change(false);
    assert.equal(await identity.whoIs(bearer(body)), 'not_signed_in');
    await change(true);
    assert.equal(await identity.whoIs(bearer(body)), 'not_signed_in');
  });

  test('is stored as a hash and shown once', async (t) => {
    const identity = await openIdentity(t);
    const { body } = await make(identity, identity.ada);
    const rows = [
      await identity.store.read.selectFrom('api_tokens').selectAll().execute(),
      await identity.store.read.selectFrom('audit').selectAll().execute(),
    ];
    assert.ok(!JSON.stringify(rows).includes(body.token));
    const [entry] = await identity.audited('api-token.created');
    assert.deepEqual(
      [entry?.actor.id, entry?.subject.id, entry?.data['token']],
      [identity.ada.id, identity.ada.id, body.id],
    );
  });

  test('nok: for nobody, by nobody but an admin, with a hostile label', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver', 'auditor', 'employee']);
    assert.equal((await make(identity, { id: `usr_${'0'.repeat(32)}` })).code, 'not_found');
    assert.equal((await make(identity, { id: 'me' })).code, 'malformed_request');
    const path = `/v1/admin/users/${bob.id}/api-tokens`;
    assert.equal((await identity.call('POST', path, { as: bob, body: { label: 'mine' } })).code, 'not_allowed');
    for (const label of ['', 'two\nlines', '\u202eevil', 'x'.repeat(121)])
      assert.equal((await make(identity, identity.ada, { label })).code, 'malformed_request');
  });
});

describe('revoking an admin API token', () => {
  test('ends it from that instant, once in the log, and leaves the others', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver']);
    const [first, second] = [(await make(identity, bob)).body, (await make(identity, bob)).body];
    identity.pass(minute);
    const answers = await Promise.all([revoke(identity, bob, first), revoke(identity, bob, first)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [204, 204],
    );
    assert.equal((await revoke(identity, bob, first)).status, 204, 'again is no error');
    assert.equal(await identity.whoIs(bearer(first)), 'not_signed_in');
    assert.equal(await identity.whoIs(bearer(second)), 'Bob');
    const entries = await identity.audited('api-token.revoked');
    assert.deepEqual(
      entries.map(({ actor, subject, data }) => [actor.id, subject.id, data]),
      [[identity.ada.id, bob.id, { token: first.id }]],
    );
  });

  test('nok: one of another person, one that is not there, or by somebody who is no admin', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver', 'auditor']);
    const { body } = await make(identity, bob);
    assert.equal((await revoke(identity, identity.ada, body)).code, 'not_found');
    assert.equal((await revoke(identity, bob, { id: `adt_${'0'.repeat(32)}` })).code, 'not_found');
    assert.equal((await revoke(identity, bob, { id: '..' })).code, 'malformed_request');
    assert.equal((await revoke(identity, bob, body, bob)).code, 'not_allowed');
    assert.equal(await identity.whoIs(bearer(body)), 'Bob');
  });
});

describe('the list of API tokens', () => {
  test('has all of one person, newest first, and no secret', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver']);
    const olga = await identity.add('Olga', ['auditor']);
    await make(identity, identity.ada);
    const old = (await make(identity, bob, { label: 'Old', life: '1h' })).body;
    identity.pass(minute);
    await revoke(identity, bob, old);
    const now = (await make(identity, bob, { label: 'New' })).body;
    for (const as of [identity.ada, olga]) {
      const { body } = await identity.call<{ items: unknown[] }>('GET', `/v1/admin/users/${bob.id}/api-tokens`, { as });
      assert.deepEqual(body.items, [
        {
          id: now.id,
          label: 'New',
          createdAt: toTimestamp(opened + minute),
          expiresAt: now.expiresAt,
          revokedAt: null,
        },
        {
          id: old.id,
          label: 'Old',
          createdAt: toTimestamp(opened),
          expiresAt: old.expiresAt,
          revokedAt: toTimestamp(opened + minute),
        },
      ]);
    }
  });

  test('nok: for approvers and employees, or of nobody', async (t) => {
    const identity = await openIdentity(t);
    const bob = await identity.add('Bob', ['approver', 'employee']);
    assert.equal((await identity.call('GET', `/v1/admin/users/${bob.id}/api-tokens`, { as: bob })).code, 'not_allowed');
    const nobody = `/v1/admin/users/usr_${'0'.repeat(32)}/api-tokens`;
    assert.equal((await identity.call('GET', nobody, { as: identity.ada })).code, 'not_found');
  });
});
