import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openIdentity } from './testing/open-identity.ts';

interface Page {
  items: { id: string; name: string }[];
  next: string | null;
}

async function scene(t: Parameters<typeof openIdentity>[0]) {
  const identity = await openIdentity(t);
  const list = (query: Record<string, string> = {}) =>
    identity.call<Page>('GET', '/v1/admin/users', { as: identity.ada, query });
  const names = async (query: Record<string, string> = {}) => (await list(query)).body.items.map(({ name }) => name);
  return { identity, list, names };
}

describe('the list of people', () => {
  test('comes page by page, by name, each once, also where many have one name', async (t) => {
    const { identity, list } = await scene(t);
    for (let count = 0; count < 5; count += 1)
      await identity.call('POST', '/v1/admin/users', {
        as: identity.ada,
        body: { name: 'Kim', email: `kim${count}@example.org`, roles: ['employee'] },
      });
    await identity.add('Zoe', ['admin']);
    const seen: string[] = [];
    let after: string | null = '';
    for (let pages = 0; after !== null && pages < 10; pages += 1) {
      const { body }: { body: Page } = await list({ limit: '2', ...(after === '' ? {} : { after }) });
      assert.ok(body.items.length <= 2);
      seen.push(...body.items.map(({ id }) => id));
      after = body.next;
    }
    assert.equal(seen.length, 7);
    assert.equal(new Set(seen).size, 7);
    assert.deepEqual((await list()).body.next, null);
  });

  test('is searched by part of a name or address, by role, group, standing and manager', async (t) => {
    const { identity, names } = await scene(t);
    const bob = await identity.add('Bob', ['approver']);
    const erin = await identity.add('Erin', ['employee']);
    const change = (person: { id: string }, body: object) =>
      identity.call('PATCH', `/v1/admin/users/${person.id}`, { as: identity.ada, body });
    await change(erin, { groups: ['field "staff"', '100%'], manager: bob.id });
    await change(bob, { active: false });
    assert.deepEqual(await names({ q: 'RIN' }), ['Erin']);
    assert.deepEqual(await names({ q: 'bob@' }), ['Bob']);
    assert.deepEqual(await names({ q: erin.id }), ['Erin']);
    assert.deepEqual(await names({ q: '%' }), []);
    assert.deepEqual(await names({ q: '_' }), []);
    assert.deepEqual(await names({ role: 'approver' }), ['Bob']);
    assert.deepEqual(await names({ group: 'field "staff"' }), ['Erin']);
    assert.deepEqual(await names({ group: '100%' }), ['Erin']);
    assert.deepEqual(await names({ group: '100_' }), []);
    assert.deepEqual(await names({ active: 'false' }), ['Bob']);
    assert.deepEqual(await names({ manager: bob.id }), ['Erin']);
    assert.deepEqual(await names({ active: 'true', role: 'admin' }), ['Ada']);
  });

  test('nok: a cursor that is none, a filter that there is not', async (t) => {
    const { list } = await scene(t);
    for (const query of [{ after: 'x' }, { after: 'W10' }, { role: 'root' }, { limit: '0' }, { name: 'Ada' }])
      assert.equal((await list(query as Record<string, string>)).code, 'malformed_request', JSON.stringify(query));
  });
});

describe('one person', () => {
  test('is shown with what they sign in with, to who may read, and nothing of it is a secret', async (t) => {
    const { identity } = await scene(t);
    const bob = await identity.add('Bob', ['employee']);
    await identity.callFresh('PUT', '/v1/me/password', { as: bob, body: { password: 'correct-battery-horse' } });
    const path = `/v1/admin/users/${bob.id}`;
    const { body } = await identity.call('GET', path, { as: identity.ada });
    assert.deepEqual(
      [body['name'], body['factors'], body['lastSignInAt'], body['devices'], body['identities']],
      ['Bob', { passkeys: 0, authenticatorApp: false }, null, 0, []],
    );
    assert.ok(!JSON.stringify(body).includes('argon2'));
    assert.equal((await identity.call('GET', path, { as: bob })).code, 'not_allowed');
    const nobody = await identity.call('GET', `/v1/admin/users/usr_${'0'.repeat(32)}`, { as: identity.ada });
    assert.equal(nobody.code, 'not_found');
  });
});
