import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { laptops } from '../policy/testing/draft-desk.ts';
import { runCli } from './program.ts';
import { commandLine, newFolder } from './testing/command-line.ts';

for (const command of [
  ['policy', 'test'],
  ['policy', 'publish'],
  ['policy', 'replay'],
  ['feed', 'import'],
]) {
  test(`${command.join(' ')} says which file cannot be read, and why`, async (t) => {
    const run = commandLine(t);
    const folder = newFolder(t);
    const missing = path.join(folder, 'nope.yaml');
    const { code, err } = await run(...command, missing);
    assert.deepEqual([code, err], [1, `${missing} cannot be read: there is no such file or folder\n`]);
    assert.equal((await run(...command, folder)).err, `${folder} cannot be read: it is a folder\n`);
  });
}

test('mistakes in a document stand right below the sentence, which points nowhere else', async (t) => {
  const file = path.join(newFolder(t), 'wrong.yaml');
  writeFileSync(file, 'policy: wrong\ntitle: Wrong\n');
  const { err } = await commandLine(t)('policy', 'test', file);
  assert.equal(err, 'The policy document is not valid.\n  rules: line 1, column 1: is missing\n');
});

test('a replay that found no device does not say that nobody would be blocked', async (t) => {
  const file = path.join(newFolder(t), 'laptops.yaml');
  writeFileSync(file, laptops());
  const { out } = await commandLine(t)('policy', 'replay', file);
  assert.match(out, /There was no device to judge/);
  assert.doesNotMatch(out, /Nobody would newly be blocked/);
});

test('a list of changes that cannot be written is refused with its name', async (t) => {
  const folder = newFolder(t);
  const file = path.join(folder, 'laptops.yaml');
  const taken = path.join(folder, 'taken.csv');
  writeFileSync(file, laptops());
  mkdirSync(taken);
  const { code, err } = await commandLine(t)('policy', 'replay', file, '--csv', taken);
  assert.deepEqual([code, err], [1, `${taken} cannot be written: it is a folder\n`]);
});

test('how long a token lives is shown as it is written', async (t) => {
  const run = commandLine(t);
  assert.match((await run('admin-token', '--help')).out, /how long it is good \(default: 30d\)/);
  assert.match((await run('enrollment-token', '--help')).out, /how long it is good \(default: 1h\)/);
});

test('a publication that would change nothing says which version says so already', async (t) => {
  const run = commandLine(t);
  const file = path.join(newFolder(t), 'laptops.yaml');
  writeFileSync(file, laptops());
  assert.equal((await run('policy', 'publish', file)).code, 0);
  const { out } = await run('policy', 'publish', file, '--dry-run');
  assert.equal(out, 'laptops: version 1 is in force, and says exactly this\n');
});

test('a command in the wrong folder refuses, and begins no new Postern there', async (t) => {
  const folder = newFolder(t);
  const data = path.join(folder, 'data');
  const file = path.join(folder, 'laptops.yaml');
  writeFileSync(file, laptops());
  for (const command of [
    ['policy', 'publish', file],
    ['device', 'list'],
    ['brake', 'list'],
    ['policy', 'drafts'],
  ]) {
    let err = '';
    const context = { environment: { POSTERN_DATA: data }, out: () => {}, err: (text: string) => void (err += text) };
    assert.equal(await runCli(command, context), 1, command.join(' '));
    assert.match(err, /there is no Postern in .*data/);
  }
  assert.equal(existsSync(data), false);
});
