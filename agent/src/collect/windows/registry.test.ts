import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numberOf, parseRegistryKey, textOf } from './registry.ts';
import { systemRoot, systemTool } from './system-root.ts';

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
