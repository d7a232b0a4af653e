import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asBoolean, asNumber, readKConfig } from './kconfig.ts';

const daemon = (...files: string[]) => {
  const setting = readKConfig(files);
  return (key: string) => setting('Daemon', key);
};

test('comments, blanks, other groups and later entries', () => {
  const setting = daemon(
    'Timeout=1\n[Other]\nTimeout=2\n[Daemon]junk\r\n# Timeout=3\r\n Timeout = 4 \r\nTimeout=5\n[Daemon][Sub]\nTimeout=6\n',
  );
  assert.equal(setting('Timeout'), '5');
});

test('keys keep their case, and a translation or a word alone is no entry', () => {
  const setting = daemon('[Daemon]\ntimeout=1\nTimeout[de]=2\nAutolock\n=3\n');
  assert.equal(setting('Timeout'), undefined);
  assert.equal(setting('Autolock'), undefined);
});

test('a header that does not close changes no group', () => {
  assert.equal(daemon('[Daemon]\n[Oops\nTimeout=7\n')('Timeout'), '7');
});

test('a file of higher rank overrules, entry by entry, and may take an entry back', () => {
  const setting = daemon('[Daemon]\nTimeout=1\nLockGrace=2\nAutolock=false\n', '[Daemon]\nTimeout=3\nAutolock[$d]\n');
  assert.equal(setting('Timeout'), '3');
  assert.equal(setting('LockGrace'), '2');
  assert.equal(setting('Autolock'), undefined);
});

test('what is marked immutable stays: an entry, a group with all that it leaves unsaid, a whole file', () => {
  const user = '[Daemon]\nTimeout=99\nAutolock=false\n[Greeter]\nx=user\n';
  const entry = daemon('[Daemon]\nTimeout[$i]=5\n', user);
  assert.equal(entry('Timeout'), '5');
  assert.equal(entry('Autolock'), 'false');
  const group = daemon('[Daemon][$i]\nTimeout=5\n', user);
  assert.equal(group('Timeout'), '5');
  assert.equal(group('Autolock'), undefined);
  const file = readKConfig(['[$i]\n[Daemon]\nTimeout=5\n', user]);
  assert.equal(file('Daemon', 'Timeout'), '5');
  assert.equal(file('Greeter', 'x'), undefined);
});

test('in one file, the first immutable entry stays', () => {
  assert.equal(daemon('[Daemon]\nTimeout[$i]=5\nTimeout=9\n')('Timeout'), '5');
});

test('values: everything but false, no, off and 0 is true; a number is a number', () => {
  for (const no of ['false', 'FALSE', 'No', 'off', '0']) assert.equal(asBoolean(no, true), false);
  for (const yes of ['true', '1', 'yes', '', 'nonsense']) assert.equal(asBoolean(yes, false), true);
  assert.equal(asBoolean(undefined, true), true);
  assert.equal(asNumber('2.5', 5), 2.5);
  assert.equal(asNumber('-1', 5), -1);
  assert.equal(asNumber(undefined, 5), 5);
  for (const none of ['', 'five', '1e9', '5 minutes', '0x5', 'Infinity']) assert.equal(asNumber(none, 5), undefined);
});

test('every value that KConfig writes comes back', () => {
  const escaped = (text: string) =>
    text
      .replace(/\\/g, '\\\\')
      .replace(/\n/g, '\\n')
      .replace(/\r/g, '\\r')
      .replace(/\t/g, '\\t')
      .replace(/^ | $/g, '\\s');
  const value = fc.string().filter((text) => text.trim() === text);
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z]\w{0,20}$/), value, (key, text) => {
      assert.equal(daemon(`[Daemon]\n${key}=${escaped(text)}\n`)(key), text);
    }),
  );
});

test('any files are read without an error, and none can undo an immutable entry', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (files) => {
      assert.equal(daemon('[Daemon]\nTimeout[$i]=5\n', ...files)('Timeout'), '5');
    }),
  );
});
