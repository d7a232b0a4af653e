import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test, type TestContext } from 'node:test';
import { migrate } from '../storage/index.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

/** An installation where something happened, and a way to touch its database behind Postern's back. */
async function installation(t: TestContext) {
  const data = path.join(newFolder(t), 'data');
  const run = commandLine(t, {}, data);
  for (const name of ['eve', 'bob', 'kim'])
    await run('admin-token', '--user', `${name}@example.com`, '--role', 'employee');
  const database = new DatabaseSync(path.join(data, 'postern.db'));
  t.after(() => database.close());
  const verify = async (...options: string[]) => {
    const { code, out } = await run('audit', 'verify', '--json', ...options);
    return { code, ...(parsed(out) as { outcome: string; seq: number; head: string; count?: number }) };
  };
  return { data, run, verify, touch: (sql: string) => database.exec(sql) };
}

describe('audit verify', () => {
  test('prints the head, and against it sees what was cut off', async (t) => {
    const { verify, touch, run } = await installation(t);
    const whole = await verify();
    assert.deepEqual([whole.code, whole.outcome, whole.count], [0, 'intact', whole.seq]);
    assert.match(whole.head, new RegExp(`^${whole.seq}:[\\w-]{43}$`));
    assert.ok((await run('audit', 'verify')).out.includes(`  ${whole.head}\n`));
    assert.equal((await verify('--head', whole.head)).code, 0);
    await run('admin-token', '--user', 'late@example.com', '--role', 'employee');
    assert.equal((await verify('--head', whole.head)).outcome, 'intact', 'it went on from there');

    touch(`delete from audit where seq >= ${whole.seq}`);
    assert.equal((await verify()).outcome, 'intact', 'by itself, the end does not show');
    assert.deepEqual(await verify('--head', whole.head), { code: 12, outcome: 'truncated', seq: whole.seq, head: null });
    assert.match((await run('audit', 'verify', '--head', whole.head)).out, /NOT whole: truncated at entry/);
  });

  test('sees that the end was rewritten', async (t) => {
    const { verify, touch, run } = await installation(t);
    const { head, seq } = await verify();
    touch(`delete from audit where seq >= ${seq}`);
    await run('admin-token', '--user', 'late@example.com', '--role', 'employee');
    assert.deepEqual(await verify('--head', head), { code: 13, outcome: 'forked', seq, head: null });
  });

  test('a head that is none is wrong use', async (t) => {
    const run = commandLine(t);
    for (const head of ['12', 'x:y', `-1:${'a'.repeat(43)}`, `1:${'a'.repeat(42)}`, `1:${'a'.repeat(43)} `]) {
      assert.equal((await run('audit', 'verify', '--head', head)).code, 2, head);
    }
  });

  test('writes nothing: no admin, no policy, no schema, no database', async (t) => {
    const data = path.join(newFolder(t), 'data');
    const run = commandLine(t, {}, data);
    assert.equal((await run('audit', 'verify')).code, 3);
    assert.ok(!existsSync(path.join(data, 'postern.db')));

    await migrate(`sqlite:${path.join(data, 'postern.db')}`);
    const { code, out } = await run('audit', 'verify', '--json');
    assert.deepEqual([code, parsed(out).outcome, parsed(out).count], [0, 'intact', 0]);
    assert.equal((await run('audit', 'verify', '--head', String(parsed(out).head))).code, 0);
    const database = new DatabaseSync(path.join(data, 'postern.db'));
    t.after(() => database.close());
    assert.deepEqual({ ...database.prepare('select count(*) as users from users').get() }, { users: 0 });
    database.exec('delete from schema_migrations');
    const { code: old, err } = await run('audit', 'verify');
    assert.equal(old, 1);
    assert.match(err, /run postern-server migrate/);
  });

  test('in a backup, without a database: whole, cut off since, and altered', async (t) => {
    const { run, verify, touch, data } = await installation(t);
    const file = path.join(newFolder(t), 'postern.backup');
    await run('backup', file);
    const { head } = await verify();
    const offline = commandLine(t, { POSTERN_PORT: 'no configuration is read', POSTERN_DATABASE_URL: 'none' });
    const verifyFile = async (...options: string[]) =>
      parsed((await offline('audit', 'verify', '--file', file, '--json', ...options)).out);
    const whole = await verifyFile();
    assert.deepEqual([whole.outcome, whole.head], ['intact', head]);
    await run('admin-token', '--user', 'late@example.com', '--role', 'employee');
    const later = await verify();
    assert.equal((await verifyFile('--head', head)).outcome, 'intact');
    assert.equal((await verifyFile('--head', later.head)).outcome, 'truncated', 'it ends before that head');

    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('\\"outcome\\":\\"success\\"', '\\"outcome\\":\\"failure\\"'));
    assert.deepEqual(await verifyFile(), { outcome: 'altered', seq: 1, head: null });
    writeFileSync(file, text.replace('eve@example.com', 'mal@example.com'));
    const { code, out } = await offline('audit', 'verify', '--file', file, '--json');
    assert.deepEqual([code, parsed(out).outcome], [1, 'damaged'], 'altered, but not in the chain');
    assert.equal((await offline('audit', 'verify', '--file', path.join(data, 'absent'))).code, 1);

    touch("update audit set entry = replace(entry, 'success', 'failure') where seq = 2");
    await run('backup', file);
    assert.deepEqual(await verifyFile(), { outcome: 'altered', seq: 2, head: null }, 'a backup of what was altered');
  });
});
