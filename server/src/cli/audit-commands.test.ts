import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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
    assert.deepEqual(await verify('--head', whole.head), {
      code: 12,
      outcome: 'truncated',
      seq: whole.seq,
      head: null,
    });
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

describe('audit export', () => {
  /** An installation with its log exported, and a command line that has neither its database nor its configuration. */
  async function exported(t: TestContext, ...options: string[]) {
    const made = await installation(t);
    const folder = newFolder(t);
    const file = path.join(folder, 'audit.jsonl');
    const { code, err } = await made.run('audit', 'export', '--output', file, ...options);
    assert.equal(code, 0, err);
    const offline = commandLine(t, { POSTERN_PORT: 'no configuration is read', POSTERN_DATABASE_URL: 'none' });
    const verify = async (...more: string[]) => {
      const { code, out } = await offline('audit', 'verify', file, '--json', ...more);
      return { ...parsed(out), code } as { code: number; [member: string]: unknown };
    };
    const rewrite = (change: (text: string) => string) => writeFileSync(file, change(readFileSync(file, 'utf8')));
    return { ...made, file, folder, offline, verifyFile: verify, rewrite };
  }

  test('is verified offline, with the key and a checkpoint that were kept', async (t) => {
    const { run, file, folder, verifyFile, offline } = await exported(t);
    const key = (await run('audit', 'key')).out.trim();
    const checkpoint = path.join(folder, 'checkpoint');
    const notes = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"checkpoint"'));
    writeFileSync(checkpoint, String(parsed(notes.at(-1) ?? '')['checkpoint']));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const verdict = await verifyFile('--key', key, '--checkpoint', checkpoint);
    assert.deepEqual([verdict.code, verdict['outcome'], verdict['signed']], [0, 'intact', verdict['entries']]);
    assert.match(
      (await offline('audit', 'verify', file)).out,
      /is whole: \d+ entries, .*proves nothing about who made it.*audit key prints/s,
    );
    const { code, out } = await run('audit', 'verify', '--json');
    assert.deepEqual([code, parsed(out).outcome], [0, 'intact'], 'also the database, with its checkpoint');
  });

  test('damage is told apart by exit codes', async (t) => {
    const { file, rewrite, verifyFile, offline, head } = await withHead(t);
    const whole = readFileSync(file, 'utf8');
    const lines = whole.trimEnd().split('\n');
    const cases: [number, string, (text: string) => string][] = [
      [10, 'altered', (text) => text.replace('success', 'failure')],
      [11, 'missing', () => `${lines.toSpliced(2, 1).join('\n')}\n`],
      [12, 'truncated', () => `${lines.slice(0, 3).join('\n')}\n`],
      [15, 'unreadable', () => 'nothing of the kind\n'],
    ];
    for (const [code, outcome, change] of cases) {
      rewrite(() => change(whole));
      const verdict = await verifyFile();
      assert.deepEqual([verdict.code, verdict['outcome']], [code, outcome]);
      assert.match((await offline('audit', 'verify', file)).out, new RegExp(`NOT (?:whole|verified): ${outcome}`));
    }
    rewrite(() => `${lines.filter((line) => !line.startsWith('{"checkpoint"')).join('\n')}\n`);
    assert.equal((await verifyFile()).code, 11, 'a checkpoint is missing');
    rewrite(() => whole);
    const [seq] = head.split(':');
    assert.equal((await verifyFile('--head', `${seq}:${'a'.repeat(43)}`)).code, 13);
    assert.equal((await verifyFile('--head', `${Number(seq) + 50}:${'a'.repeat(43)}`)).code, 12);
    const other = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    assert.equal((await verifyFile('--key', other)).code, 14);
    assert.equal((await verifyFile('--key', 'nonsense')).code, 15);
    assert.equal((await offline('audit', 'verify', path.join(file, 'absent'))).code, 15);
    const folder = await offline('audit', 'verify', path.dirname(file));
    assert.deepEqual([folder.code, folder.out.includes('it is a folder')], [15, true]);
    assert.equal((await offline('audit', 'verify', '--key', other)).code, 2);
  });

  async function withHead(t: TestContext) {
    const made = await exported(t);
    return { ...made, head: String((await made.verifyFile())['head']) };
  }

  test('the database is held against its checkpoints: cut off or rewritten, it shows without a head', async (t) => {
    const { verify, touch } = await exported(t);
    const { seq } = await verify();
    touch(`delete from audit where seq >= ${seq}`);
    assert.deepEqual(await verify(), { code: 12, outcome: 'truncated', seq, head: null });
  });

  test('in another format, of one type or a time, goes to standard output; what means nothing is refused', async (t) => {
    const { run } = await installation(t);
    const { code, out } = await run('audit', 'export', '--format', 'cef', '--type', 'user.created');
    assert.equal(code, 0);
    assert.ok(out.split('\n').filter((line) => line.startsWith('CEF:0|Postern|')).length >= 3);
    assert.equal(
      (await run('audit', 'export', '--format', 'csv', '--to', '2000-01-01T00:00:00Z')).out.split('\r\n').length,
      2,
    );
    for (const wrong of [
      ['--format', 'xml'],
      ['--from', 'yesterday'],
      ['--type', 'nonsense'],
    ])
      assert.equal((await run('audit', 'export', ...wrong)).code, 2);
    assert.equal((await run('audit', 'export', '--output', '/nowhere/at/all')).code, 1);
  });
});

describe('audit erase', () => {
  test('erases a text of an entry or of a person, and the chain is whole', async (t) => {
    const { run, verify } = await installation(t);
    const reason = ['--reason', 'Request of 3 May'];
    assert.equal((await run('audit', 'erase', '1', ...reason)).code, 1, 'there is no text');
    const person = `usr_${'0'.repeat(32)}`;
    assert.match((await run('audit', 'erase', '--person', person, ...reason)).out, /Erased 0 texts/);
    assert.equal((await verify()).outcome, 'intact');
    for (const wrong of [[], ['1', '--person', person], ['0'], ['x'], ['--person', 'eve']])
      assert.equal((await run('audit', 'erase', ...wrong, ...reason)).code, 2, wrong.join(' '));
    assert.equal((await run('audit', 'erase', '1')).code, 2, 'without a reason');
  });
});
