import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteAccess } from '@postern/shared/checks/remote-access';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult, FileResult } from '../system.ts';
import { parseNetstat, parseSwitchedOff } from './macos-parse.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const nat = '/Library/Preferences/SystemConfiguration/com.apple.nat.plist';

function mac(
  netstat: string | CommandResult,
  { sharing, launchctl = refused }: { sharing?: string | FileResult; launchctl?: string | CommandResult } = {},
) {
  return recordedSystem({
    platform: 'macos',
    files: sharing === undefined ? {} : { [nat]: sharing },
    commands: { '/usr/sbin/netstat -an -p tcp': netstat, '/bin/launchctl print-disabled system': launchctl },
  });
}

async function openOf(...args: Parameters<typeof mac>) {
  const { services } = valueOf(await readMacos(mac(...args)), remoteAccess);
  return Object.fromEntries(services.map(({ name, open }) => [name, open]));
}

const closed = { ssh: 'no', ard: 'no', vnc: 'no', smb: 'no', nfs: 'no', 'internet-sharing': 'no' };

test('every way in that listens is found, with its port', async () => {
  const value = valueOf(await readMacos(mac(fixture('macos-13-everything.txt'))), remoteAccess);
  assert.equal(value.source, 'sockets');
  assert.deepEqual(value.services, [
    { name: 'ssh', open: 'anywhere', port: 22 },
    { name: 'ard', open: 'anywhere', port: 3283 },
    { name: 'vnc', open: 'anywhere', port: 5900 },
    { name: 'smb', open: 'anywhere', port: 445 },
    { name: 'nfs', open: 'no', port: null },
    { name: 'internet-sharing', open: 'no', port: null },
  ]);
});

test('a connection that goes out, or a printer’s port, is no way in', async () => {
  assert.deepEqual(await openOf(fixture('macos-14-nothing.txt')), closed);
});

test('what listens for this Mac alone is told apart', async () => {
  const expected = { ...closed, ssh: 'this-machine', vnc: 'this-machine' };
  assert.deepEqual(await openOf(fixture('macos-15-local-only.txt')), expected);
});

test('an address that netstat cuts off keeps its port, and is not taken for this Mac alone', async () => {
  const expected = { ...closed, ssh: 'anywhere', vnc: 'anywhere' };
  assert.deepEqual(await openOf(fixture('macos-26-cut-address.txt')), expected);
});

test('the Mac never calls itself: a service behind its own firewall would look off', async () => {
  const system = mac(fixture('macos-13-everything.txt'));
  await readMacos(system);
  assert.deepEqual(system.ran, ['/usr/sbin/netstat -an -p tcp']);
});

test('a shared internet connection is one, by its own file', async () => {
  const nothing = fixture('macos-14-nothing.txt');
  const on = await openOf(nothing, { sharing: fixture('macos-nat-on.plist.txt') });
  assert.equal(on['internet-sharing'], 'anywhere');
  const off = await openOf(nothing, { sharing: fixture('macos-nat-off.plist.txt') });
  assert.equal(off['internet-sharing'], 'no');
  for (const sharing of [refused, 'bplist00', fixture('macos-nat-on.plist.txt').slice(0, -40)]) {
    assert.equal((await openOf(nothing, { sharing }))['internet-sharing'], undefined);
  }
});

test('where the sockets are not told, what is switched on is, in the words of either release', async () => {
  const since13 = valueOf(
    await readMacos(mac(refused, { launchctl: fixture('macos-15-print-disabled.txt') })),
    remoteAccess,
  );
  assert.equal(since13.source, 'settings');
  assert.deepEqual(since13.services, [
    { name: 'ssh', open: 'anywhere', port: 22 },
    { name: 'vnc', open: 'no', port: null },
    { name: 'internet-sharing', open: 'no', port: null },
  ]);
  const before = await openOf(refused, { launchctl: fixture('macos-12-print-disabled.txt') });
  assert.deepEqual(before, { ssh: 'anywhere', smb: 'no', 'internet-sharing': 'no' });
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ outcome: 'too-much-output' }))), 'output-unreadable');
  for (const text of ['', '<html>LISTEN</html>\n', fixture('macos-truncated.txt'), 'Active Internet connections\n']) {
    assert.equal(reasonOf(await readMacos(mac(text))), 'output-unreadable', text);
  }
  assert.equal(reasonOf(await readMacos(mac(exited(1, fixture('macos-14-nothing.txt'))))), 'output-unreadable');
  const unnamed = fixture('macos-13-everything.txt').replace('*.445', '*.*');
  assert.equal(reasonOf(await readMacos(mac(unnamed))), 'output-unreadable');
});

test('a socket whose line was spoilt is not one that does not listen', () => {
  const whole = fixture('macos-13-everything.txt');
  for (const [part, instead] of [
    ['LISTEN ', 'LIST\0N '],
    ['LISTEN ', 'LISTE '],
    ['tcp46 ', 't\ufffdp46 '],
    ['\ntcp4 ', '\ufffdtcp4 '],
    ['LISTEN     \ntcp', 'LISTEN     \ufffdtcp'],
  ] as const) {
    const text = whole.replace(part, instead);
    assert.notEqual(text, whole);
    assert.equal(parseNetstat(text), undefined, JSON.stringify(instead));
  }
});

test('no list that is cut off within a line is read, and any text is without throwing', () => {
  const whole = fixture('macos-13-everything.txt');
  for (let end = 0; end < whole.length; end++) {
    if (whole[end - 1] !== '\n') assert.equal(parseNetstat(whole.slice(0, end)), undefined);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseNetstat(text), undefined);
      assert.equal(parseSwitchedOff(text), undefined);
    }),
  );
  const started = performance.now();
  parseSwitchedOff(`disabled services = {\n${'\n'.repeat(200_000)}`);
  assert.ok(performance.now() - started < 2000);
});
