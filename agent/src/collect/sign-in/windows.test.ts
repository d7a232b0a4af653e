import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signIn } from '@postern/shared/checks/sign-in';
import type { CommandResult } from '../system.ts';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused } from '../testing/recorded-system.ts';
import { assertNoPartBelieved, keyNotThere, keyRefused, windowsRegistry } from '../windows/testing/recorded-windows.ts';
import { readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const winlogon = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
const witness = { [`${winlogon} /v Userinit`]: fixture('windows-userinit.txt') };

function read(answer: string | CommandResult, more: Record<string, string> = witness) {
  return readWindows(windowsRegistry({ [`${winlogon} /v AutoAdminLogon`]: answer, ...more }));
}

test('automatic sign-in is seen, though its number is text', async () => {
  const automatic = { automatic: true, passwordSet: null, mechanism: 'winlogon' };
  assert.match(fixture('windows-10-22h2-automatic.txt'), /AutoAdminLogon {4}REG_SZ {4}1/);
  assert.deepEqual(valueOf(await read(fixture('windows-10-22h2-automatic.txt')), signIn), automatic);
  assert.deepEqual(valueOf(await read(fixture('windows-server-2019-dword.txt')), signIn), automatic);
});

test('off, and never set up, are not automatic', async () => {
  const off = { automatic: false, passwordSet: null, mechanism: null };
  assert.deepEqual(valueOf(await read(fixture('windows-11-24h2-off.txt')), signIn), off);
  assert.deepEqual(valueOf(await read(keyNotThere), signIn), off);
});

test('a key that is refused does not count as one without the value', async () => {
  assert.equal(reasonOf(await read(keyRefused, {})), 'permission-denied');
});

test('the password that may stand beside it is never asked for', async () => {
  assert.match(fixture('windows-11-whole-key.txt'), /DefaultPassword/);
  for (const answer of [fixture('windows-10-22h2-automatic.txt'), keyNotThere]) {
    const system = windowsRegistry({ [`${winlogon} /v AutoAdminLogon`]: answer, ...witness });
    await readWindows(system);
    assert.ok(system.ran.length > 0 && system.ran.every((ran) => / \/v (?:AutoAdminLogon|Userinit)$/.test(ran)));
  }
});

test('neither yes nor no, no answer, and a part of one are unknown', async () => {
  assert.equal(reasonOf(await read(fixture('windows-11-odd.txt'))), 'output-unreadable');
  assert.equal(reasonOf(await read('')), 'output-unreadable');
  assert.equal(reasonOf(await read('FEHLER: Zugriff verweigert')), 'output-unreadable');
  assert.equal(reasonOf(await read(refused)), 'permission-denied');
  assert.equal(reasonOf(await readWindows(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  await assertNoPartBelieved(fixture('windows-10-22h2-automatic.txt'), (part) => read(part));
  const many = fixture('windows-10-22h2-automatic.txt').replace('REG_SZ    1', 'REG_SZ    10');
  await assertNoPartBelieved(many, (part) => read(part));
});
