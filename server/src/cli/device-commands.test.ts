import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { FakeDevice } from '../attestation/testing/fake-device.ts';
import { readAuditPage } from '../audit/search/page.ts';
import { insert } from '../storage/change.ts';
import { migrate, openStore } from '../storage/index.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

const id = `dev_${'0'.repeat(31)}1`;

/** A lone admin, whose own device waits to be admitted. */
async function loneAdmin(t: TestContext) {
  const data = path.join(newFolder(t), 'data');
  const databaseUrl = `sqlite:${path.join(data, 'postern.db')}`;
  await migrate(databaseUrl);
  const store = await openStore(databaseUrl);
  t.after(() => store.close());
  const { jwk, jkt } = await FakeDevice.make('http://127.0.0.1:7420');
  await store.commit({
    changes: [
      insert('users', {
        id: 'usr_1',
        name: 'Ada',
        email: 'ada@example.com',
        roles: '["admin"]',
        active: 1,
        created_at: 1,
        groups: '[]',
        manager_id: null,
        notify: '{}',
      }),
      insert('devices', {
        id,
        owner_id: 'usr_1',
        name: 'Laptop',
        platform: 'linux',
        agent_version: '0.1.0',
        state: 'pending',
        jwk: JSON.stringify(jwk),
        jkt,
        key_provider: 'file',
        key_protection: 'software',
        quarantine_cause: 'forked',
        quarantined_at: 1,
        enrolled_at: 1,
        exception_epoch: 0,
        ownership: 'unknown',
      }),
    ],
    audit: [],
  });
  return { store, run: commandLine(t, {}, data) };
}

test('device list shows what is there, by state and by name', async (t) => {
  const { run } = await loneAdmin(t);
  assert.match(
    (await run('device', 'list')).out,
    /^dev_0+1 {2}pending, in quarantine \(forked\) {2}Laptop of Ada, has not reported\n$/,
  );
  const listed = async (...options: string[]) =>
    (parsed((await run('device', 'list', '--json', ...options)).out).items as { id: string }[]).map((item) => item.id);
  assert.deepEqual(await listed('--state', 'pending', '--search', 'lap'), [id]);
  assert.deepEqual(await listed('--state', 'active'), []);
  assert.match((await run('device', 'list', '--search', 'nobody')).out, /There are no such devices/);
  assert.equal((await run('device', 'list', '--state', 'broken')).code, 2);
});

test('a lone admin admits, releases, suspends, resumes and retires, each recorded as the system with the reason', async (t) => {
  const { run, store } = await loneAdmin(t);
  const states: unknown[] = [];
  for (const action of ['admit', 'release', 'suspend', 'resume', 'retire']) {
    const { code, out, err } = await run('device', action, id, '--reason', `To ${action} it`, '--json');
    assert.equal(code, 0, err);
    states.push([parsed(out).state, parsed(out).quarantined]);
  }
  assert.deepEqual(states, [
    ['active', true],
    ['active', false],
    ['suspended', false],
    ['active', false],
    ['retired', false],
  ]);
  const { items } = await readAuditPage(store.read, { subject: id }, { before: undefined, limit: 10 });
  assert.deepEqual(
    items.map(({ type, actor, text }) => [type, actor.kind, text]),
    [
      ['device.retired', 'system', 'To retire it'],
      ['device.resumed', 'system', 'To resume it'],
      ['device.suspended', 'system', 'To suspend it'],
      ['device.released', 'system', 'To release it'],
      ['device.admitted', 'system', 'To admit it'],
    ],
  );
  const again = await run('device', 'resume', id, '--reason', 'It was retired', '--json');
  assert.deepEqual([again.code, parsed(again.out).error_code], [1, 'device_state_invalid']);
});

test('an action needs a device and a reason', async (t) => {
  const { run } = await loneAdmin(t);
  assert.equal((await run('device', 'admit', id)).code, 2);
  assert.equal((await run('device', 'admit', id, '--reason', ' ')).code, 2);
  assert.equal((await run('device', 'admit', 'Laptop', '--reason', 'x')).code, 2);
  assert.equal((await run('device', 'admit', `${id.slice(0, -1)}2`, '--reason', 'x')).code, 1);
});

test('rotate-keys tells what would end, and with --yes ends it', async (t) => {
  const { run, store } = await loneAdmin(t);
  const token = {
    device_id: id,
    person_id: 'usr_1',
    resource: 'r',
    scope: null,
    for_person: 0,
    issued_at: 1,
    exceptions: '[]',
    grant_id: null,
  };
  const farAhead = Date.UTC(2100, 0);
  await store.commit({
    changes: [
      insert('access_tokens', { ...token, id: 'live', expires_at: farAhead, revoked_at: null }),
      insert('access_tokens', { ...token, id: 'over', expires_at: 1, revoked_at: null }),
      insert('access_tokens', { ...token, id: 'revoked', expires_at: farAhead, revoked_at: 1 }),
    ],
    audit: [],
  });
  const keysBefore = () => store.read.selectFrom('signing_keys').selectAll().execute();
  const planned = await run('rotate-keys', '--json');
  const { rotated, ends } = parsed(planned.out) as { rotated: boolean; ends: { keys: string[]; tokens: number } };
  assert.deepEqual([planned.code, rotated, ends.keys.length, ends.tokens], [0, false, 1, 1]);
  assert.match((await run('rotate-keys')).out, /one access token[^]*Nothing was changed/);
  assert.equal((await keysBefore()).length, 1);

  const done = await run('rotate-keys', '--yes', '--json');
  assert.deepEqual([done.code, parsed(done.out).rotated], [0, true]);
  const keys = await keysBefore();
  assert.equal(keys.length, 2);
  for (const key of keys)
    assert.equal(key.removed_at !== null, key.kid !== parsed(done.out).kid, 'the old one is believed no more');
  const { items } = await readAuditPage(store.read, { type: 'signing-key.rotated' }, { before: undefined, limit: 1 });
  assert.deepEqual([items[0]?.data['cause'], items[0]?.actor.kind], ['emergency', 'system']);
});
