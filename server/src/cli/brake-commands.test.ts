import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readAuditPage } from '../audit/search/page.ts';
import { insert } from '../storage/change.ts';
import { migrate, openStore } from '../storage/index.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

const id = `brk_${'0'.repeat(31)}1`;

test('brake list says what is held and for how long, and release ends it, on the record', async (t) => {
  const data = path.join(newFolder(t), 'data');
  const databaseUrl = `sqlite:${path.join(data, 'postern.db')}`;
  await migrate(databaseUrl);
  const store = await openStore(databaseUrl);
  t.after(() => store.close());
  const now = Date.now();
  const run = commandLine(t, {}, data);
  assert.equal((await run('brake', 'list')).out, 'There are no brakes\n');
  await store.commit({
    changes: [
      insert('brakes', {
        id,
        check_id: 'firewall',
        platform: 'macos',
        os_build: '24A335',
        flips_since: now - 60_000,
        opened_at: now,
        ends_at: now + 3 * 3_600_000,
        devices: 8,
        devices_of_build: 10,
        state: 'holding',
        decided_by: null,
        decided_at: null,
        reason: null,
        version: 1,
      }),
    ],
    audit: [],
  });
  assert.match((await run('brake', 'list')).out, /holding for .+ more {2}Firewall on macos 24A335, 8 of 10 devices\n$/);
  assert.equal((await run('brake', 'release', id)).code, 2, 'a reason is needed');
  assert.equal((await run('brake', 'release', 'brk_1', '--reason', 'x')).code, 2);
  assert.equal((await run('brake', 'release', id, '--reason', 'They are really off', '--json')).code, 0);
  const [item] = parsed((await run('brake', 'list', '--json')).out).items as { state: string; reason: string }[];
  assert.deepEqual([item?.state, item?.reason], ['released', 'They are really off']);
  const { items } = await readAuditPage(store.read, { subject: id }, { before: undefined, limit: 5 });
  assert.ok(items.some(({ type, actor }) => type === 'brake.released' && actor.kind === 'system'));
  assert.equal((await run('brake', 'release', id, '--reason', 'Again')).code, 1);
});
