import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signIn } from '@postern/shared/checks/sign-in';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult, FileResult } from '../system.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const local = '/Library/Preferences/com.apple.loginwindow.plist';
const managed = '/Library/Managed Preferences/com.apple.loginwindow.plist';
const off = { automatic: false, passwordSet: null, mechanism: null };
const on = { automatic: true, passwordSet: null, mechanism: 'loginwindow' };
const automatic = { [local]: fixture('macos-13-on.plist.txt') };

function mac(
  files: Record<string, string | FileResult>,
  {
    etc = ['hosts', 'kcpassword'],
    fdesetup = 'FileVault is Off.\n',
  }: { etc?: string[]; fdesetup?: string | CommandResult } = {},
) {
  const commands = { '/usr/bin/fdesetup status': fdesetup };
  return recordedSystem({ platform: 'macos', files, commands, dirs: { '/etc': etc, '/Library/Preferences': [] } });
}

test('a name and its password make the sign-in automatic, and neither leaves the Mac', async () => {
  const finding = await readMacos(mac(automatic));
  assert.deepEqual(valueOf(finding, signIn), on);
  assert.doesNotMatch(JSON.stringify(finding), /ada/);
});

test('without a name nobody is signed in, also where nobody ever set anything', async () => {
  assert.deepEqual(valueOf(await readMacos(mac({ [local]: fixture('macos-15-off.plist.txt') })), signIn), off);
  assert.deepEqual(valueOf(await readMacos(mac({})), signIn), off);
});

test('a name without the password, left behind, signs nobody in', async () => {
  assert.deepEqual(valueOf(await readMacos(mac(automatic, { etc: ['hosts'] })), signIn), off);
});

test('FileVault asks for a password before anything can be automatic', async () => {
  assert.deepEqual(valueOf(await readMacos(mac(automatic, { fdesetup: 'FileVault is On.\n' })), signIn), off);
  for (const fdesetup of [
    refused,
    '',
    exited(1, 'FileVault is On.\n'),
    'FileVault is On.\nEncryption in progress: 3\n',
  ]) {
    assert.deepEqual(valueOf(await readMacos(mac(automatic, { fdesetup })), signIn), on);
  }
});

test('what a management profile sets wins', async () => {
  const files = { [local]: fixture('macos-15-off.plist.txt'), [managed]: fixture('macos-26-managed-on.plist.txt') };
  assert.deepEqual(valueOf(await readMacos(mac(files)), signIn), on);
});

test('nobody’s password is ever tried', async () => {
  const system = mac(automatic);
  await readMacos(system);
  assert.deepEqual(system.ran, ['/usr/bin/fdesetup status']);
});

test('a Mac whose preferences cannot be listed is not said to sign nobody in', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'no-data');
});

test('preferences that are refused, cut off or something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(mac({ [local]: refused }))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ [local]: 'bplist00' }))), 'tool-absent');
  const text = fixture('macos-15-off.plist.txt');
  assert.equal(reasonOf(await readMacos(mac({ [local]: text.slice(0, -30) }))), 'output-unreadable');
  const number = fixture('macos-13-on.plist.txt').replace('<string>ada</string>', '<integer>501</integer>');
  assert.equal(reasonOf(await readMacos(mac({ [local]: number }))), 'output-unreadable');
});
