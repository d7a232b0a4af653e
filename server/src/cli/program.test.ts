import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

const launcher = fileURLToPath(new URL('../../bin/postern-server.mjs', import.meta.url));

test('help shows examples and exits 0; wrong use exits 2', async (t) => {
  const run = commandLine(t);
  assert.match((await run('--help')).out, /Examples:[^]*postern-server serve/);
  for (const command of [
    'serve',
    'backup',
    'restore',
    'admin-token',
    'sign-in-link',
    'enrollment-token',
    'rotate-keys',
  ]) {
    const { code, out } = await run(command, '--help');
    assert.equal(code, 0, command);
    assert.match(out, /Example/, command);
  }
  for (const wrong of [
    ['nonsense'],
    ['backup'],
    ['admin-token', '--role', 'king'],
    ['enrollment-token', '--uses', '0'],
    ['admin-token', '--life', 'soon'],
    ['policy'],
  ]) {
    assert.equal((await run(...wrong)).code, 2, wrong.join(' '));
  }
});

test('an admin token is made for the first admin, and with a role for a new person', async (t) => {
  const run = commandLine(t);
  const first = await run('admin-token', '--json');
  assert.equal(first.code, 0, first.err);
  assert.match(String(parsed(first.out).token), /^postern_admin_/);
  const made = await run(
    'admin-token',
    '--user',
    'Eve@example.com',
    '--role',
    'approver',
    'auditor',
    '--life',
    '1h',
    '--json',
  );
  assert.deepEqual((parsed(made.out).user as { email: string; roles: string[] }).roles, ['approver', 'auditor']);
  const again = await run('admin-token', '--user', 'eve@example.com', '--json');
  assert.deepEqual(parsed(again.out).user, parsed(made.out).user);
});

test('a token command gives nobody a role that they lack', async (t) => {
  const run = commandLine(t);
  await run('admin-token', '--user', 'eve@example.com', '--role', 'employee');
  const { code, err } = await run('admin-token', '--user', 'eve@example.com', '--role', 'admin');
  assert.equal(code, 1);
  assert.match(err, /without admin/);
});

test('a person that is not there is refused with what to do', async (t) => {
  const run = commandLine(t);
  const { code, out } = await run('enrollment-token', '--owner', 'nobody@example.com', '--json');
  assert.equal(code, 1);
  assert.equal(parsed(out).error_code, 'not_found');
  assert.match(out, /--role employee/);
});

test('enrollment tokens and sign-in links are made', async (t) => {
  const run = commandLine(t);
  const token = parsed((await run('enrollment-token', '--uses', '3', '--json')).out);
  assert.equal(token.uses, 3);
  assert.match(String(token.token), /^pet_/);
  assert.match((await run('sign-in-link')).out, /http:\/\/127\.0\.0\.1:7420\/console\/#sign-in=/);
});

test('a secret is alone on standard output, so that a shell can take it as it is', async (t) => {
  const run = commandLine(t);
  const secrets = { 'admin-token': /^postern_admin_[\w-]{43}\n$/, 'enrollment-token': /^pet_[\w-]+\n$/ };
  for (const [command, pattern] of Object.entries({ ...secrets, 'sign-in-link': /^http:\S+#sign-in=[\w-]+\n$/ })) {
    const { out, err } = await run(command);
    assert.match(out, pattern);
    assert.match(err, /admin@localhost/, 'what it is, for whoever looks');
    assert.equal(err.includes(out.trim()), false);
  }
});

test('a backup is restored, and the audit log is whole before and after', async (t) => {
  const run = commandLine(t);
  const file = path.join(newFolder(t), 'postern.backup');
  await run('admin-token', '--user', 'eve@example.com', '--role', 'employee');
  assert.equal((await run('backup', file)).code, 0);
  assert.equal(parsed((await run('audit', 'verify', '--json')).out).outcome, 'intact');
  assert.equal((await run('restore', file, '--dry-run')).code, 0);
  assert.equal((await run('restore', file)).code, 1, 'the database holds data');
  const restored = await run('restore', file, '--replace');
  assert.equal(restored.code, 0);
  assert.match(restored.out, /Devices report once before they get tokens again/);
  assert.equal(parsed((await run('audit', 'verify', '--json')).out).outcome, 'intact');
  assert.equal((await run('enrollment-token', '--owner', 'eve@example.com')).code, 0);
});

test('the OpenAPI document is printed', async (t) => {
  const document = parsed((await commandLine(t)('openapi', '--json')).out);
  assert.equal(document.openapi, '3.1.0');
});

test('a faulty configuration is told whole and exits 1', async (t) => {
  const { code, err } = await commandLine(t, { POSTERN_PORT: 'x', POSTERN_LOG: 'y', POSTERN_WHAT: 'z' })('serve');
  assert.equal(code, 1);
  assert.match(err, /3 faults:[^]*POSTERN_WHAT[^]*POSTERN_PORT[^]*POSTERN_LOG/);
});

test('a database that cannot be reached exits 3', async (t) => {
  const { code, err } = await commandLine(t, { POSTERN_DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/none' })(
    'migrate',
  );
  assert.equal(code, 3, err);
  assert.doesNotMatch(err, /hunter2/);
});

test('the launcher serves until SIGTERM, and exits 0', async (t) => {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(process.execPath, [launcher, 'serve', '--json'], {
    env: {
      ...environment,
      POSTERN_DATA: path.join(newFolder(t), 'data'),
      POSTERN_PORT: '0',
      POSTERN_ISSUER: 'http://127.0.0.1:1',
      POSTERN_LOG: 'silent',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const { url, signInLink } = parsed(line);
  assert.match(String(signInLink), /#sign-in=/);
  assert.equal((await fetch(`${String(url)}/readyz`)).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
