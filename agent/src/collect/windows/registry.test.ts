import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exited } from '../testing/recorded-system.ts';
import { numberOf, parseRegistryKey, parseSubkeys, readKey, readValue, textOf } from './registry.ts';
import { systemRoot, systemTool } from './system-root.ts';
import { windowsRegistry } from './testing/recorded-windows.ts';

const desktop =
  '\r\nHKEY_CURRENT_USER\\Control Panel\\Desktop\r\n    ScreenSaveTimeOut    REG_SZ    600\r\n    Pattern    REG_SZ    \r\n    Delay    REG_DWORD    0xffffffff\r\n\r\nHKEY_CURRENT_USER\\Control Panel\\Desktop\\Colors\r\n    Delay    REG_DWORD    0x1\r\n';

test('a key is read with its own values and not with those of its subkeys', () => {
  const values = parseRegistryKey(desktop);
  assert.ok(values);
  assert.equal(numberOf(values, 'SCREENSAVETIMEOUT'), 600);
  assert.equal(numberOf(values, 'Delay'), 0xffff_ffff);
  assert.equal(textOf(values, 'Pattern'), undefined);
  assert.equal(numberOf(values, 'Pattern'), undefined);
});

test('a sentence in the user’s language is no key', () => {
  assert.equal(
    parseRegistryKey('FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.'),
    undefined,
  );
  assert.equal(parseRegistryKey(''), undefined);
});

test('a number that lost its last digits, and a key that lost values, are no key', () => {
  const key = '\r\nHKEY_LOCAL_MACHINE\\X\r\n    Limit    REG_DWORD    0x12c\r\n    Off    REG_SZ    1\r\n\r\n';
  assert.equal(parseRegistryKey(key)?.size, 2);
  for (let length = 0; length < key.length; length += 1) {
    const values = parseRegistryKey(key.slice(0, length));
    assert.ok(values === undefined || values.size === 0, key.slice(0, length));
  }
});

test('text of several lines, with an empty one, does not end the values', () => {
  const notice =
    '\r\nHKEY_LOCAL_MACHINE\\X\r\n    Notice    REG_SZ    Hello\r\n\r\nAda\r\n    Limit    REG_DWORD    0x384\r\n\r\n';
  assert.equal(numberOf(parseRegistryKey(notice) ?? new Map(), 'Limit'), 900);
});

test('the names directly below a key are told, and none of another key', () => {
  assert.deepEqual(parseSubkeys(desktop, 'HKCU\\Control Panel\\Desktop'), new Set(['colors']));
  assert.deepEqual(parseSubkeys('HKEY_LOCAL_MACHINE\\X\\A\\B\r\nHKEY_LOCAL_MACHINE\\XY\\C\r\n', 'HKLM\\X'), new Set());
});

test('a key without anything in it, of which reg.exe prints nothing, is told from no answer', async () => {
  const header = '\r\nHKEY_LOCAL_MACHINE\\X\r\n    (Standard)    REG_SZ    (Wert nicht gesetzt)\r\n\r\n';
  const empty = await readKey(windowsRegistry({ 'HKLM\\X': '\r\n', 'HKLM\\X /ve': header }), 'HKLM\\X');
  assert.deepEqual(empty, { outcome: 'read', values: new Map(), subkeys: new Set() });
  assert.deepEqual(await readKey(windowsRegistry({ 'HKLM\\X': '' }), 'HKLM\\X'), { outcome: 'unreadable' });
});

test('a code that reg.exe does not end with, and an answer beside the one that it does, are not the absence of a key', async () => {
  const whole = '\r\nHKEY_LOCAL_MACHINE\\X\r\n    A    REG_SZ    1\r\n\r\n';
  const read = async (answer: string | ReturnType<typeof exited>) => [
    (await readKey(windowsRegistry({ 'HKLM\\X': answer }), 'HKLM\\X')).outcome,
    (await readValue(windowsRegistry({ 'HKLM\\X /v A': answer }), 'HKLM\\X', 'A')).outcome,
  ];
  assert.deepEqual(await read(whole), ['read', 'read']);
  assert.deepEqual(await read(exited(1, '', 'FEHLER')), ['not-there', 'not-there']);
  for (const answer of [exited(1, whole), exited(2, '', 'FEHLER'), exited(137), exited(-1, whole)]) {
    assert.deepEqual(await read(answer), ['unreadable', 'unreadable'], JSON.stringify(answer));
  }
});

test('another key’s answer, one with a spoilt line and one with strange line ends are unreadable', async () => {
  const whole = '\r\nHKEY_LOCAL_MACHINE\\X\r\n    Off    REG_SZ    1\r\n\r\nHKEY_LOCAL_MACHINE\\X\\Enum\r\n';
  const read = async (answer: string) => (await readKey(windowsRegistry({ 'HKLM\\X': answer }), 'HKLM\\X')).outcome;
  assert.equal(await read(whole), 'read');
  for (const spoilt of [
    whole.replaceAll('\\X', '\\Y'),
    whole.replace('HKEY_', 'HKeY_'),
    whole.replaceAll('\r\n', '\r\r\n'),
    whole.replace('Off ', 'Off \0'),
    whole.replace('Off', 'O\ufffdf'),
    whole.replace('REG_SZ    1', 'REG_S'),
    whole.replace('Enum', 'En\u001b[31mum'),
    whole.replace('MACHINE\\X\\Enum', 'M\0ACHINE\\X\\Enum'),
    `${whole}HKE\u0001_LOCAL_MACHINE\\X\\State\r\n`,
    whole.replace('HKEY_LOCAL_MACHINE\\X\r\n', 'HKEY_LOCAL_MACHINE\\X\r\nHKEY_LOCAL_MACHINE\\X\r\n'),
  ]) {
    assert.equal(await read(spoilt), 'unreadable', JSON.stringify(spoilt));
  }
});

test('one value is asked for without those beside it', async () => {
  const system = windowsRegistry({ 'HKLM\\X /v A': '\r\nHKEY_LOCAL_MACHINE\\X\r\n    A    REG_SZ    1\r\n\r\n' });
  const read = await readValue(system, 'HKLM\\X', 'A');
  assert.equal(read.outcome === 'read' && textOf(read.values, 'a'), '1');
  assert.deepEqual(system.ran, ['C:\\Windows\\System32\\reg.exe query HKLM\\X /v A']);
  assert.equal((await readValue(windowsRegistry({ 'HKLM\\X /v A': exited(1) }), 'HKLM\\X', 'A')).outcome, 'not-there');
});

test('any text is read as a key or as none, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const values = parseRegistryKey(text);
      assert.ok(values === undefined || text.includes('HKEY_'));
    }),
  );
});

test('the tools of Windows are taken from where Windows says it is', () => {
  assert.equal(systemTool({ env: { SystemRoot: 'D:\\Windows' } }, 'reg.exe'), 'D:\\Windows\\System32\\reg.exe');
  assert.equal(systemTool({ env: {} }, 'reg.exe'), 'C:\\Windows\\System32\\reg.exe');
});

test('an environment that points elsewhere than to a plain folder of a drive is not followed', () => {
  const hostile = [
    '',
    'Windows',
    '.\\Windows',
    '\\\\server\\share',
    'C:\\Windows\\..\\Users\\ada',
    'C:\\',
    'C:/Windows',
    'C:\\Windows\n',
    'C:\\Win%TEMP%',
    '\\\\?\\C:\\Windows',
    'C:\\...',
  ];
  for (const SystemRoot of hostile) assert.equal(systemRoot({ env: { SystemRoot } }), 'C:\\Windows', SystemRoot);
});
