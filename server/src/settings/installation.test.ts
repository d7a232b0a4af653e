import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { installationSchema } from '@postern/shared/protocol/settings';
import { insert } from '../storage/change.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { testConfig } from '../testing/test-config.ts';
import { type InstallationDeps, readInstallation } from './installation.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const hour = 3_600_000;

async function open(t: TestContext, ready: InstallationDeps['ready'] = async () => undefined) {
  const store = await openTestStore(t);
  const config = testConfig(t, {
    mail: { mailServer: 'smtps://user:hunter2@mail.example:465', from: 'p@example.org' },
  });
  const key = { alg: 'ES256', public_jwk: '{}', private_jwe: 'sealed', created_at: 0, use: 'access-token' };
  await store.commit({
    changes: [
      insert('signing_keys', { ...key, kid: 'past', signs_from: 0, signs_until: now - hour, removed_at: null }),
      insert('signing_keys', { ...key, kid: 'now', signs_from: now - hour, signs_until: now + hour, removed_at: null }),
      insert('signing_keys', { ...key, kid: 'next', signs_from: now + hour, signs_until: null, removed_at: null }),
      insert('signing_keys', { ...key, kid: 'gone', signs_from: 0, signs_until: 1, removed_at: now - 1 }),
    ],
    audit: [],
  });
  const read = () => readInstallation({ store, config, ready, startedAt: now - hour }, now);
  return { read, config };
}

describe('what an installation says of itself', () => {
  test('names its keys by what they do now, and forgets those that are gone', async (t) => {
    const { keys } = await (await open(t)).read();
    assert.deepEqual(
      keys.map(({ kid, state }) => `${kid} ${state}`),
      ['next next', 'now signs', 'past past'],
    );
  });

  test('holds no secret', async (t) => {
    const { read, config } = await open(t);
    const said = installationSchema.parse(await read());
    const text = JSON.stringify(said);
    for (const secret of [config.masterSecret, config.identifierKey, 'hunter2', 'sealed'])
      assert.ok(!text.includes(secret), secret);
    assert.deepEqual(said.mail, { from: 'p@example.org', host: 'mail.example:465' });
  });

  test('says when it cannot answer, and answers', async (t) => {
    const { read } = await open(t, () => Promise.reject(new Error('away')));
    assert.equal((await read()).ready, false);
  });
});
