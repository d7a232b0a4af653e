import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { parseEntry } from '../audit/chain.ts';
import { migrate, openStore } from '../storage/index.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

test('webhooks are added with a secret that is shown once, listed without it, and removed', async (t) => {
  const data = path.join(newFolder(t), 'data');
  const databaseUrl = `sqlite:${path.join(data, 'postern.db')}`;
  await migrate(databaseUrl);
  const store = await openStore(databaseUrl);
  t.after(() => store.close());
  const run = commandLine(t, {}, data);
  assert.equal((await run('webhook', 'list')).out, 'There are no webhooks\n');
  assert.equal((await run('webhook', 'add', 'https://127.0.0.1/', '--label', 'In here')).code, 1);
  assert.equal((await run('webhook', 'add', 'no address', '--label', 'x')).code, 2);
  const added = await run('webhook', 'add', 'https://hooks.example/x', '--label', 'Tickets', '--json');
  const { id, secret } = parsed(added.out) as { id: string; secret: string };
  assert.match(secret, /^whsec_/);
  const { entry } = await store.read
    .selectFrom('audit')
    .select('entry')
    .where('type', '=', 'webhook.created')
    .executeTakeFirstOrThrow();
  assert.equal(parseEntry(entry).actor.kind, 'system', 'nobody is said to have done what the shell did');
  const listed = await run('webhook', 'list', '--json');
  assert.ok(listed.out.includes(id) && !listed.out.includes(secret));
  assert.equal((await run('webhook', 'replay', 'dlv_1')).code, 2);
  assert.equal((await run('webhook', 'remove', id)).code, 0);
  assert.equal((await run('webhook', 'remove', id)).code, 1);
  assert.equal((await run('webhook', 'list')).out, 'There are no webhooks\n');
});
