import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { SavedView } from '@postern/shared/protocol/saved-view';
import { systemActor } from '../audit/event.ts';
import type { PersonCaller } from '../http/caller.ts';
import { callRoute } from '../http/testing/call-route.ts';
import { createUser } from '../identity/index.ts';
import { systemRandom } from '../random.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { viewRoutes } from './index.ts';

async function openDesk(t: TestContext) {
  const store = await openTestStore(t);
  const deps = { store, random: systemRandom };
  const routes = viewRoutes(deps);
  async function somebody(name: string) {
    const wish = { name, email: `${name}@example.org`, roles: ['employee' as const] };
    const { id } = await createUser(deps, wish, systemActor, 1);
    const as: PersonCaller = { kind: 'person', id, name, roles: ['employee'], via: 'session', authenticatedAt: 0 };
    return {
      save: (view: object) =>
        callRoute<SavedView>(routes, { method: 'POST', path: '/v1/me/views', now: 1 }, { as, body: view }),
      forget: (view: string) => callRoute(routes, { method: 'DELETE', path: `/v1/me/views/${view}`, now: 1 }, { as }),
      async list(query = {}) {
        const { body } = await callRoute<{ items: SavedView[] }>(
          routes,
          { method: 'GET', path: '/v1/me/views', now: 1 },
          { as, query },
        );
        return body.items.map(({ screen, name: called }) => `${screen} ${called}`);
      },
    };
  }
  return { ann: await somebody('Ann'), bob: await somebody('Bob') };
}

describe('a saved view', () => {
  const view = { screen: '/devices', name: 'Mine to look at', query: 'posture=stale&platform=linux' };

  test('is its person’s own: listed by name, by screen, and forgotten by nobody else', async (t) => {
    const { ann, bob } = await openDesk(t);
    const { body } = await ann.save(view);
    await ann.save({ ...view, screen: '/policies', name: 'A' });
    assert.deepEqual(await ann.list(), ['/devices Mine to look at', '/policies A']);
    assert.deepEqual(await ann.list({ screen: '/devices' }), ['/devices Mine to look at']);
    assert.deepEqual(await bob.list(), []);
    assert.equal((await bob.forget(body.id)).code, 'not_found');
    assert.equal((await ann.forget(body.id)).status, 204);
    assert.equal((await ann.forget(body.id)).code, 'not_found');
    assert.deepEqual(await ann.list(), ['/policies A']);
  });

  test('has a name once on each list, of each person', async (t) => {
    const { ann, bob } = await openDesk(t);
    await ann.save(view);
    assert.equal((await ann.save(view)).code, 'saved_view_name_taken');
    assert.equal((await ann.save({ ...view, screen: '/people' })).status, 201);
    assert.equal((await bob.save(view)).status, 201);
  });

  test('is one of a hundred at most', async (t) => {
    const { ann } = await openDesk(t);
    for (let count = 0; count < 100; count += 1)
      assert.equal((await ann.save({ ...view, name: `View ${count}` })).status, 201);
    assert.equal((await ann.save(view)).code, 'saved_views_too_many');
  });

  test('leads to a list of the console and nowhere else', async (t) => {
    const { ann } = await openDesk(t);
    for (const wrong of [
      { screen: 'https://evil.example' },
      { screen: '//evil.example' },
      { screen: '/Devices' },
      { query: 'a=b#c' },
      { query: 'a=<b>' },
      { query: 'x'.repeat(2001) },
      { name: '' },
    ])
      assert.equal((await ann.save({ ...view, ...wrong })).code, 'malformed_request', JSON.stringify(wrong));
  });
});
