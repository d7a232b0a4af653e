import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskEncryption } from '@postern/shared/checks/disk-encryption';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseFileVault, parseVolume } from './macos-parse.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);

/** A Mac with what fdesetup says, and other volumes by name with what diskutil says of them. */
function mac(fdesetup: string | CommandResult, volumes: Record<string, string | CommandResult> = {}) {
  const commands: Record<string, string | CommandResult> = { '/usr/bin/fdesetup status': fdesetup };
  for (const [name, answer] of Object.entries(volumes))
    commands[`/usr/sbin/diskutil info -plist /Volumes/${name}`] = answer;
  const links = { '/Volumes/Macintosh HD': '/' };
  return recordedSystem({ platform: 'macos', commands, links, dirs: { '/Volumes': Object.keys(volumes) } });
}

async function stateOf(fdesetup: string, volumes?: Record<string, string | CommandResult>) {
  return valueOf(await readMacos(mac(fdesetup, volumes)), diskEncryption).state;
}

const on = fixture('macos-15-on.txt');

test('FileVault that is on, with no other disk inside, is full', async () => {
  const expected = { state: 'full', volumes: [{ mount: '/', encrypted: true, method: 'filevault' }] };
  assert.deepEqual(valueOf(await readMacos(mac(on)), diskEncryption), expected);
  assert.equal(await stateOf(fixture('macos-26-institutional-key.txt')), 'full');
});

test('a Mac that is not fully protected now is not called protected', async () => {
  const names = [
    'macos-14-off.txt',
    'macos-13-deferred.txt',
    'macos-13-after-restart.txt',
    'macos-13-encrypting.txt',
    'macos-13-encrypting-pending.txt',
    'macos-14-decrypting.txt',
  ];
  for (const name of names) assert.equal(await stateOf(fixture(name)), 'none', name);
});

test('a chip that encrypts everything is not FileVault', async () => {
  const plain = fixture('macos-15-volume-plain.plist.txt');
  assert.match(plain, /<key>Encryption<\/key>\s*<true\/>/);
  assert.equal(parseVolume(plain), 'plain');
  assert.equal(await stateOf(fixture('macos-14-off.txt'), { Data2: plain }), 'none');
});

test('another disk inside the Mac that is plain makes it partial, one that is encrypted leaves it full', async () => {
  assert.equal(await stateOf(on, { Work: fixture('macos-15-volume-plain.plist.txt') }), 'partial');
  assert.equal(await stateOf(on, { Work: fixture('macos-15-volume-encrypted.plist.txt') }), 'full');
});

test('sticks, disk images and shares are not this Mac', async () => {
  const share = exited(1, fixture('macos-15-volume-share.plist.txt'));
  const volumes = {
    STICK: fixture('macos-15-volume-usb.plist.txt'),
    Installer: fixture('macos-15-volume-image.plist.txt'),
    team: share,
  };
  assert.equal(await stateOf(on, volumes), 'full');
});

test('a disk that cannot be looked into is said to be one: enabled, not full', async () => {
  for (const answer of [refused, exited(1), '<plist version="1.0"><dict>', { outcome: 'timed-out' } as const]) {
    assert.equal(await stateOf(on, { Work: answer }), 'enabled');
  }
  const unlisted = { ...mac(on), list: () => Promise.resolve(undefined) };
  assert.equal(valueOf(await readMacos(unlisted), diskEncryption).state, 'enabled');
});

test('more volumes than are looked at are not taken for encrypted', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `Work${index}`);
  const system = mac(
    on,
    Object.fromEntries(names.map((name) => [name, fixture('macos-15-volume-encrypted.plist.txt')])),
  );
  assert.equal(valueOf(await readMacos(system), diskEncryption).state, 'enabled');
  assert.ok(system.ran.length < 12);
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ outcome: 'timed-out' }))), 'timed-out');
  assert.equal(reasonOf(await readMacos(mac(exited(1, on)))), 'output-unreadable');
  for (const text of [
    '',
    fixture('macos-truncated.txt'),
    fixture('macos-html.txt'),
    'Error: unable to determine FileVault status.',
    'FileVault is On.\nFileVault is Off.',
    'FileVault is On.\nSomething new.',
  ]) {
    assert.equal(reasonOf(await readMacos(mac(text))), 'output-unreadable', text);
  }
});

test('no text turns FileVault on by accident', () => {
  const line = fc.constantFrom(
    'FileVault is On.',
    'FileVault is Off.',
    'FileVault is On',
    'Encryption in progress: Pending',
    'Decryption in progress: Percent completed = 1',
    "Deferred enablement appears to be active for user 'ada'.",
    '',
    'Error',
  );
  const lines = fc.array(fc.oneof(line, fc.string()), { maxLength: 4 });
  fc.assert(
    fc.property(lines, (said) => {
      if (parseFileVault(said.join('\n')) !== 'on') return;
      assert.ok(said.includes('FileVault is On.'));
      assert.ok(!said.some((text) => /Off|progress|Error/.test(text)));
    }),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.string(), (text) => assert.notEqual(parseVolume(text), 'encrypted')));
});
