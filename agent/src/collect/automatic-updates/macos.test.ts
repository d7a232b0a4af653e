import assert from 'node:assert/strict';
import { test } from 'node:test';
import { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult, FileResult } from '../system.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const local = '/Library/Preferences/com.apple.SoftwareUpdate.plist';
const managed = '/Library/Managed Preferences/com.apple.SoftwareUpdate.plist';
const declared = '/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist';

function mac(files: Record<string, string | FileResult>, commands: Record<string, string | CommandResult> = {}) {
  return recordedSystem({ platform: 'macos', files, commands });
}

async function enabledBy(files: Record<string, string | FileResult>) {
  return valueOf(await readMacos(mac(files)), automaticUpdates).enabled;
}

test('all of the settings together make updates automatic, as booleans or as numbers', async () => {
  const value = valueOf(await readMacos(mac({ [local]: fixture('macos-13-all-on.plist.txt') })), automaticUpdates);
  assert.deepEqual(value, { enabled: true, mechanism: 'softwareupdate' });
  assert.equal(await enabledBy({ [local]: fixture('macos-14-numbers.plist.txt') }), true);
});

test('updates that are only fetched are not installed, and security updates that are off are off', async () => {
  for (const name of [
    'macos-14-download-only.plist.txt',
    'macos-15-no-security.plist.txt',
    'macos-13-all-off.plist.txt',
  ]) {
    assert.equal(await enabledBy({ [local]: fixture(name) }), false, name);
  }
});

test('a key that macOS 26 does not write any more is at its default', async () => {
  const text = fixture('macos-26-without-check-key.plist.txt');
  assert.doesNotMatch(text, /AutomaticCheckEnabled/);
  assert.equal(await enabledBy({ [local]: text }), true);
});

test('a missing key for the installation of macOS is neither on nor off', async () => {
  const chosen = fixture('macos-13-never-chosen.plist.txt');
  assert.equal(reasonOf(await readMacos(mac({ [local]: chosen }))), 'no-data');
  assert.equal(reasonOf(await readMacos(mac({}))), 'no-data');
});

test('a management profile wins over what the user chose', async () => {
  const on = fixture('macos-13-all-on.plist.txt');
  const off = fixture('macos-13-all-off.plist.txt');
  assert.equal(await enabledBy({ [local]: off, [managed]: on }), true);
  assert.equal(await enabledBy({ [local]: on, [managed]: off }), false);
});

test('settings that an organisation declares are in none of the preferences, and win', async () => {
  const off = { [local]: fixture('macos-13-all-off.plist.txt') };
  const on = { [local]: fixture('macos-13-all-on.plist.txt') };
  assert.equal(await enabledBy({ [declared]: fixture('macos-15-declared-on.plist.txt'), ...on }), true);
  assert.equal(await enabledBy({ [declared]: fixture('macos-26-declared-off.plist.txt'), ...on }), false);
  assert.equal(await enabledBy({ [declared]: fixture('macos-15-declared-nothing.plist.txt'), ...on }), true);
  // It declares no search for updates, so that the user's choice stands there.
  assert.equal(await enabledBy({ [declared]: fixture('macos-15-declared-on.plist.txt'), ...off }), false);
});

test('a stronger file that cannot be read is not passed over', async () => {
  const on = { [local]: fixture('macos-13-all-on.plist.txt') };
  assert.equal(reasonOf(await readMacos(mac({ ...on, [managed]: refused }))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ ...on, [declared]: refused }))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ ...on, [managed]: 'bplist00' }))), 'tool-absent');
});

test('a binary file is read by plutil, and one that is cut off is unknown', async () => {
  const convert = `/usr/bin/plutil -convert xml1 -o - ${local}`;
  const answers: (string | CommandResult)[] = [fixture('macos-13-all-on.plist.txt').slice(0, -20), exited(1), ''];
  for (const answer of answers) {
    assert.equal(reasonOf(await readMacos(mac({ [local]: 'bplist00' }, { [convert]: answer }))), 'output-unreadable');
  }
  const binary = mac({ [local]: 'bplist00' }, { [convert]: fixture('macos-13-all-on.plist.txt') });
  assert.equal(valueOf(await readMacos(binary), automaticUpdates).enabled, true);
});

test('a setting that is neither on nor off is unknown', async () => {
  const text = fixture('macos-13-all-on.plist.txt').replace('<true/>', '<string>maybe</string>');
  assert.equal(reasonOf(await readMacos(mac({ [local]: text }))), 'output-unreadable');
});

test('no file that was changed or cut off switches updates on', async () => {
  const off = fixture('macos-14-download-only.plist.txt');
  await fc.assert(
    // From 38 on a value and the name after it may be missing together, and what is left is a good list.
    fc.asyncProperty(fc.nat(off.length), fc.nat(37), async (at, length) => {
      const finding = await readMacos(mac({ [local]: off.slice(0, at) + off.slice(at + length) }));
      assert.ok(finding.status !== 'ok' || !finding.value.enabled);
    }),
  );
});
