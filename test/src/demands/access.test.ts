import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hour, minute } from '@postern/shared/time';
import { opening } from './access-scene.ts';
import { app } from './scene.ts';

describe('temporary access', () => {
  test('demand 46: for 15 minutes or an hour, and no token lives longer than that', async (t) => {
    const { demand, granted } = await opening(t);
    assert.equal(await demand.refusal(), 'access_required');
    for (const [duration, lasts] of [
      ['15m', 15 * minute],
      ['1h', hour],
    ] as const) {
      const id = await granted({ duration });
      const { status, body } = await demand.laptop.token({ resource: app });
      assert.equal(status, 200, JSON.stringify(body));
      assert.ok(Number(body['expires_in']) * 1000 <= lasts);
      const seen = await demand.seen(id);
      assert.equal(Date.parse(String(seen['expiresAt'])) - Date.parse(String(seen['beginsAt'])), lasts);
      demand.backend.clock.advance(lasts);
      await demand.laptop.attest();
      assert.deepEqual(await demand.gateway.introspect(String(body['access_token'])), { active: false });
      assert.equal(await demand.refusal(), 'access_required');
    }
  });

  test('demand 47: one session of a person and resource at a time, from whichever device', async (t) => {
    const { demand, ask, granted } = await opening(t);
    const id = await granted();
    const other = await demand.anotherDevice();
    for (const answer of [await ask(), await ask({ role: 'reader' }), await ask({}, other)]) {
      assert.equal(answer.body['error_code'], 'exception_overlaps', JSON.stringify(answer.body));
      assert.equal(answer.body['exception'], id);
    }
  });

  test('demand 48: access is revoked with one call by the person, their manager, and who operates it', async (t) => {
    const { demand, granted } = await opening(t);
    for (const by of ['erin', 'max', 'bob', 'ada'] as const) {
      const id = await granted();
      const token = await demand.laptop.accessToken(app);
      assert.equal((await demand.gateway.introspect(token))['active'], true);
      const ended = await demand.people[by].post(`/v1/me/access/${id}/end`, {});
      assert.equal(ended.status, 200, `${by}: ${JSON.stringify(ended.body)}`);
      assert.deepEqual(await demand.gateway.introspect(token), { active: false });
      assert.equal(await demand.refusal(), 'access_required');
    }
  });

  test('demand 49: the log says who had access to what, when, for how long, from start to stop', async (t) => {
    const { demand, granted } = await opening(t);
    const id = await granted();
    await demand.laptop.accessToken(app);
    demand.backend.clock.advance(10 * minute);
    await demand.laptop.accessToken(app);
    assert.equal((await demand.people.bob.post(`/v1/me/access/${id}/end`, {})).status, 200);
    const { status, body } = await demand.people.auditor.get('/v1/admin/access/log');
    assert.equal(status, 200, JSON.stringify(body));
    const [entry] = body['items'] as Record<string, unknown>[];
    assert.ok(entry);
    assert.equal(entry['id'], id);
    assert.equal((entry['person'] as { id: string }).id, await demand.idOf('erin@example.org'));
    assert.deepEqual([entry['resource'], entry['role']], [app, 'operator']);
    const text = JSON.stringify(entry);
    assert.match(text, /bob/);
    const seconds = Number(entry['secondsInForce']);
    assert.ok(seconds >= 600 && seconds < 700, text);
    assert.equal((entry['tokens'] as { count: number }).count, 2, text);
    const types = (await demand.entries(id)).map(({ type }) => type);
    assert.deepEqual(types, ['exception.requested', 'exception.approved', 'exception.begun', 'exception.revoked']);
  });

  test('demand 52: closing a session takes the privileges away at once', async (t) => {
    const { demand, granted } = await opening(t);
    const id = await granted();
    const token = await demand.laptop.accessToken(app);
    const { roles } = (await demand.gateway.introspect(token)) as { roles?: string[] };
    assert.deepEqual(roles, ['operator']);
    assert.equal((await demand.laptop.call('POST', `/v1/exceptions/${id}/relinquish`, {})).status, 200);
    assert.deepEqual(await demand.gateway.introspect(token), { active: false });
    assert.equal(await demand.refusal(), 'access_required');
  });
});
