import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenLock } from '@postern/shared/checks/screen-lock';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseDisplaySleep, parseIdleTime, parsePasswordDelay } from './macos-parse.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const unset = exited(1, '', fixture('macos-idle-unset.stderr.txt'));
const laptop = fixture('macos-14-pmset-laptop.txt');
const immediate = 'macos-14-lock-immediate.stderr.txt';

interface Settings {
  idle?: string | CommandResult;
  pmset?: string | CommandResult;
  managed?: string;
  uid?: number;
}

function mac(lock: string | CommandResult, { idle = unset, pmset = laptop, managed, uid = 501 }: Settings = {}) {
  const folder = '/Library/Managed Preferences/ada';
  return recordedSystem({
    platform: 'macos',
    uid,
    files: managed === undefined ? {} : { [`${folder}/com.apple.screensaver.plist`]: 'bplist00' },
    commands: {
      '/usr/sbin/sysadminctl -screenLock status': typeof lock === 'string' ? exited(0, '', fixture(lock)) : lock,
      '/usr/bin/defaults -currentHost read com.apple.screensaver idleTime': idle,
      '/usr/bin/pmset -g custom': pmset,
      ...(managed === undefined
        ? {}
        : { [`/usr/bin/defaults read ${folder}/com.apple.screensaver idleTime`]: managed }),
    },
  });
}

async function delayOf(lock: string, settings?: Settings) {
  const { enabled, delaySeconds } = valueOf(await readMacos(mac(lock, settings)), screenLock);
  assert.equal(enabled, delaySeconds !== null);
  return delaySeconds;
}

test('"delay is immediate", on stderr and without a digit, is a lock', async () => {
  const value = valueOf(await readMacos(mac(immediate, { idle: '600\n' })), screenLock);
  assert.deepEqual(value, { enabled: true, delaySeconds: 600, desktop: 'macos' });
});

test('the delay runs from the last key press: dark screen plus password delay', async () => {
  assert.equal(await delayOf('macos-13-lock-300.stderr.txt', { idle: '600\n' }), 900);
  assert.equal(await delayOf('macos-15-lock-5.stderr.txt', { idle: fixture('macos-idle-600.txt') }), 605);
});

test('a display that goes dark locks, not only a screen saver', async () => {
  assert.equal(await delayOf(immediate, { idle: fixture('macos-idle-never.txt') }), 1800);
  assert.equal(await delayOf(immediate, { idle: '3600\n' }), 1800);
});

test('the longer of mains and battery counts, and never on one of them is never', async () => {
  assert.equal(await delayOf(immediate), 1800);
  assert.equal(await delayOf(immediate, { pmset: fixture('macos-26-pmset-mini.txt') }), 600);
  assert.equal(await delayOf(immediate, { idle: '0\n', pmset: fixture('macos-15-pmset-never-on-ac.txt') }), null);
});

test('no password is no lock, in each of its three wordings', async () => {
  for (const name of [
    'macos-26-lock-off.stderr.txt',
    'macos-13-lock-minus-one.stderr.txt',
    'macos-13-lock-int-max.stderr.txt',
  ]) {
    assert.equal(await delayOf(name, { idle: '60\n' }), null, name);
  }
});

test('a management profile wins over what the user chose', async () => {
  assert.equal(await delayOf(immediate, { idle: '0\n', managed: '300\n' }), 300);
});

test('a screen saver time that nobody ever set is not taken for one', async () => {
  assert.equal(
    reasonOf(await readMacos(mac(immediate, { pmset: fixture('macos-15-pmset-never-on-ac.txt') }))),
    'no-data',
  );
});

test('where one of the two waits cannot be read, the other one is the longest it can be', async () => {
  assert.equal(await delayOf(immediate, { idle: '600\n', pmset: refused }), 600);
  assert.equal(await delayOf(immediate, { idle: refused }), 1800);
  assert.equal(
    reasonOf(await readMacos(mac(immediate, { idle: '0\n', pmset: fixture('macos-pmset-truncated.txt') }))),
    'no-data',
  );
});

test('a number that is cut off is not a shorter time', async () => {
  for (const idle of ['6', '60', '600']) assert.equal(await delayOf(immediate, { idle }), 1800, idle);
  assert.equal(await delayOf(immediate, { idle: '600\n' }), 600);
  for (const heading of ['AC P\ufffdwer:', 'AC Power:\0', 'AC Power', '\u2028AC Power:']) {
    const pmset = fixture('macos-15-pmset-never-on-ac.txt').replace('AC Power:', heading);
    assert.equal(reasonOf(await readMacos(mac(immediate, { idle: '0\n', pmset }))), 'no-data', heading);
  }
  for (let length = laptop.length - 1; length > laptop.length - 40; length -= 1) {
    const finding = await readMacos(mac(immediate, { idle: '0\n', pmset: laptop.slice(0, length) }));
    assert.ok(finding.status !== 'ok' || laptop[length - 1] === '\n', laptop.slice(0, length));
  }
});

test('as root nothing is read, for it is not the user’s lock', async () => {
  const system = mac(immediate, { uid: 0, idle: '60\n' });
  assert.equal(reasonOf(await readMacos(system)), 'not-in-user-session');
  assert.deepEqual(system.ran, []);
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ outcome: 'timed-out' }))), 'timed-out');
  assert.equal(reasonOf(await readMacos(mac(exited(0)))), 'output-unreadable');
  assert.equal(
    reasonOf(await readMacos(mac(exited(0, '<html>screenLock delay is immediate</html>')))),
    'output-unreadable',
  );
  for (const name of ['macos-lock-truncated.stderr.txt', 'macos-lock-refused.stderr.txt']) {
    assert.equal(reasonOf(await readMacos(mac(name))), 'output-unreadable', name);
  }
});

test('a delay beyond what is counted is told as the longest', async () => {
  assert.equal(await delayOf('macos-13-lock-300.stderr.txt', { idle: '4000000000\n', pmset: refused }), 1_000_000);
});

test('no text locks the screen by accident', () => {
  const words = fc
    .array(fc.constantFrom('screenLock', 'delay', 'is', 'off', 'immediate', '300', '-1', 'seconds', '\n', '] '))
    .map((parts) => parts.join(' '));
  fc.assert(
    fc.property(fc.oneof(fc.string(), words), (text) => {
      if (typeof parsePasswordDelay(text) === 'number') assert.match(text, /screenLock delay is (immediate|\d+)/);
      assert.ok(parseIdleTime(text, '') !== 'unset');
      const dark = parseDisplaySleep(text);
      assert.ok(dark === undefined || text.includes('displaysleep'));
    }),
    { numRuns: 2000 },
  );
});

test('a sentence that never ends is refused in no time', () => {
  const started = performance.now();
  assert.equal(parsePasswordDelay(`screenLock ${' '.repeat(200_000)}x`), undefined);
  assert.ok(performance.now() - started < 1000);
});
