import assert from 'node:assert/strict';
import { it } from 'node:test';
import { day } from '@postern/shared/time';
import { insert } from '../storage/change.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { cleanUp } from './clean-up.ts';
import { start } from './testing/token-service.ts';

const config = { keepAccessLogMs: 365 * day };

const token = (id: string, expiresAt: number, grantId: string | null = null) =>
  insert('access_tokens', {
    id,
    device_id: 'd',
    person_id: 'p',
    resource: 'r',
    scope: null,
    for_person: 0,
    issued_at: start,
    expires_at: expiresAt,
    exceptions: '[]',
    revoked_at: null,
    grant_id: grantId,
  });

it('sessions and sign-in links go a month after their end', async (t) => {
  const store = await openTestStore(t);
  const user = {
    id: 'u',
    name: 'Ada',
    email: 'ada@example',
    roles: '[]',
    active: 1,
    created_at: 1,
    groups: '[]',
    manager_id: null,
    notify: '{}',
  };
  const times = (expiresAt: number) => ({ user_id: 'u', created_at: 1, authenticated_at: 1, expires_at: expiresAt });
  const how = { method: 'sign-in-link', user_agent: null, remote_address: null };
  const [old, young] = [start - 30 * day, start - 30 * day + 1];
  await store.commit({
    changes: [
      insert('users', user),
      insert('sessions', { hash: 'old', ...times(old), ...how, ended_at: null }),
      insert('sessions', { hash: 'young', ...times(young), ...how, ended_at: 1 }),
      insert('sign_in_links', { hash: 'old', ...times(old), used_at: 1 }),
      insert('sign_in_links', { hash: 'young', ...times(young), used_at: null }),
    ],
    audit: [],
  });
  await cleanUp({ store, config }, start);
  assert.deepEqual(await store.read.selectFrom('sessions').select('hash').execute(), [{ hash: 'young' }]);
  assert.deepEqual(await store.read.selectFrom('sign_in_links').select('hash').execute(), [{ hash: 'young' }]);
});

it('what has expired goes, in batches; what has not stays', async (t) => {
  const store = await openTestStore(t);
  const expired = Array.from({ length: 4500 }, (_, index) =>
    insert('replays', { key: `old-${index}`, expires_at: start - index }),
  );
  const kept = [
    insert('replays', { key: 'new', expires_at: start + 1 }),
    insert('replays', { key: 'old-1-and-new', expires_at: start + 1 }),
    token('tok_old', start - 7 * day),
    token('tok_new', start - 7 * day + 1),
  ];
  for (let at = 0; at < expired.length; at += 500)
    await store.commit({ changes: expired.slice(at, at + 500), audit: [] });
  await store.commit({ changes: kept, audit: [] });
  assert.equal(await cleanUp({ store, config }, start), 1 + 2 + 1);
  assert.deepEqual(await store.read.selectFrom('replays').select('key').orderBy('key').execute(), [
    { key: 'new' },
    { key: 'old-1-and-new' },
  ]);
  assert.deepEqual(await store.read.selectFrom('access_tokens').select('id').execute(), [{ id: 'tok_new' }]);
});

it('tokens of temporary access stay for as long as the access log does', async (t) => {
  const store = await openTestStore(t);
  const [old, young] = [start - 365 * day, start - 365 * day + 1];
  await store.commit({
    changes: [token('tok_old', old, 'exc_1'), token('tok_young', young, 'exc_1'), token('tok_plain', young)],
    audit: [],
  });
  await cleanUp({ store, config }, start);
  assert.deepEqual(await store.read.selectFrom('access_tokens').select('id').execute(), [{ id: 'tok_young' }]);
  await cleanUp({ store, config: { keepAccessLogMs: 0 } }, start);
  assert.deepEqual(await store.read.selectFrom('access_tokens').select('id').execute(), []);
});
