import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readAuditPage } from '../audit/search/page.ts';
import { systemActor } from '../audit/event.ts';
import { createUser } from '../identity/index.ts';
import { systemRandom } from '../random.ts';
import { insert } from '../storage/change.ts';
import { migrate, openStore } from '../storage/index.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

test('second-factor reset says whose would be taken, and with --yes takes them', async (t) => {
  const data = path.join(newFolder(t), 'data');
  const databaseUrl = `sqlite:${path.join(data, 'postern.db')}`;
  await migrate(databaseUrl);
  const store = await openStore(databaseUrl);
  t.after(() => store.close());
  const wish = { name: 'Ada', email: 'ada@example.org', roles: ['admin'] as const };
  const ada = await createUser({ store, random: systemRandom }, wish, systemActor, 1);
  const key = { person_id: ada.id, label: 'Key', public_key: 'AA', counter: 0, transports: '[]', backed_up: 0 };
  const times = { created_at: 1, used_at: null, removed_at: null };
  await store.commit({ changes: [insert('passkeys', { ...key, ...times, id: 'lost' })], audit: [] });
  const run = commandLine(t, {}, data);
  const live = async () =>
    (await store.read.selectFrom('passkeys').select('id').where('removed_at', 'is', null).execute()).length;

  const planned = await run('second-factor', 'reset', 'Ada@example.org');
  assert.equal(planned.code, 0, planned.err);
  assert.match(planned.out, /Would take every passkey[^]*of Ada \(ada@example\.org\)[^]*Nothing was changed/);
  assert.equal(await live(), 1);

  const done = await run('second-factor', 'reset', 'ada@example.org', '--yes', '--json');
  const { reset, passkeys, authenticatorApp } = parsed(done.out);
  assert.deepEqual([done.code, reset, passkeys, authenticatorApp], [0, true, 1, false]);
  assert.equal(await live(), 0);
  const { items } = await readAuditPage(store.read, { type: 'passkey.removed' }, { before: undefined, limit: 1 });
  assert.deepEqual([items[0]?.actor.kind, items[0]?.subject?.id], ['system', ada.id]);

  assert.equal((await run('second-factor', 'reset', 'nobody@example.org', '--yes')).code, 1);
  assert.equal((await run('second-factor', 'reset')).code, 2);
});
