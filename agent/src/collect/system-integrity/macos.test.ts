import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemIntegrity } from '@postern/shared/checks/system-integrity';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseBootArguments, parseGatekeeper, parseIntegrityProtection, readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const sipOn = fixture('macos-13-sip-on.txt');
const gatekeeperOn = fixture('macos-13-gatekeeper-on.txt');
const noArguments = exited(1, '', fixture('macos-boot-args-none.stderr.txt'));

function mac(csrutil: string | CommandResult, spctl: string | CommandResult, nvram: string | CommandResult) {
  return recordedSystem({
    platform: 'macos',
    // What older tools read: it moved in macOS 15, and the copy that an upgrade left behind lies.
    files: { '/var/db/SystemPolicy-prefs.plist': '<plist><dict><key>enabled</key><string>yes</string></dict></plist>' },
    commands: {
      '/usr/bin/csrutil status': csrutil,
      '/usr/sbin/spctl --status': spctl,
      '/usr/sbin/nvram boot-args': nvram,
    },
  });
}

async function protectionsOf(...answers: Parameters<typeof mac>) {
  const { protections } = valueOf(await readMacos(mac(...answers)), systemIntegrity);
  return protections.map(({ name, intact, detail }) => [name, intact, detail]);
}

test('a Mac as Apple delivers it is intact', async () => {
  assert.deepEqual(await protectionsOf(sipOn, gatekeeperOn, noArguments), [
    ['sip', true, 'enabled'],
    ['gatekeeper', true, 'enabled'],
    ['boot-arguments', true, null],
  ]);
});

test('what is switched off is said, with what it says itself', async () => {
  const off = await protectionsOf(
    fixture('macos-26-sip-off.txt'),
    exited(1, fixture('macos-15-gatekeeper-off.txt')),
    fixture('macos-14-boot-args.txt'),
  );
  assert.deepEqual(off, [
    ['sip', false, 'disabled'],
    ['gatekeeper', false, 'disabled'],
    ['boot-arguments', false, '-arm64e_preview_abi amfi_get_out_of_my_way=1'],
  ]);
});

test('a protection of which parts are switched off is not intact, though it says "enabled"', () => {
  for (const name of ['macos-14-sip-custom.txt', 'macos-15-sip-enabled-custom.txt']) {
    assert.deepEqual(parseIntegrityProtection(fixture(name)), { intact: false, detail: 'custom configuration' }, name);
  }
  assert.match(fixture('macos-15-sip-enabled-custom.txt'), /enabled/);
});

test('Gatekeeper is asked; its file, absent since macOS 15, is not taken for "on"', async () => {
  const [, gatekeeper] = await protectionsOf(sipOn, refused, noArguments);
  assert.deepEqual(gatekeeper, ['gatekeeper', null, null]);
});

test('what is not told is neither intact nor broken', async () => {
  const told = await protectionsOf(fixture('macos-sip-truncated.txt'), gatekeeperOn, refused);
  assert.deepEqual(told, [
    ['sip', null, null],
    ['gatekeeper', true, 'enabled'],
    ['boot-arguments', null, null],
  ]);
  assert.deepEqual(parseBootArguments(1, '', 'nvram: Error getting variable'), { intact: null, detail: null });
  assert.deepEqual(parseBootArguments(0, '', ''), { intact: null, detail: null });
  assert.deepEqual(parseBootArguments(0, 'boot-args\t\n', ''), { intact: true, detail: null });
});

test('boot arguments that could turn a sentence around are only said to be set', () => {
  const long = `boot-args\t${'x'.repeat(500)}\n`;
  for (const text of [long, 'boot-args\tab\u202ecd\n']) {
    assert.deepEqual(parseBootArguments(0, text, ''), { intact: false, detail: 'set' });
  }
});

test('a Mac that says nothing at all is unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'no-data');
  assert.equal(reasonOf(await readMacos(mac(refused, { outcome: 'timed-out' }, exited(2)))), 'no-data');
  assert.equal(reasonOf(await readMacos(mac(exited(1, sipOn), '<html>', ''))), 'no-data');
});

test('two answers are none, and no text is intact by accident', () => {
  assert.equal(parseGatekeeper('assessments enabled\nassessments disabled\n').intact, null);
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseIntegrityProtection(text).intact, null);
      assert.equal(parseGatekeeper(text).intact, null);
      assert.notEqual(parseBootArguments(0, text, text).intact, true);
    }),
  );
  for (const text of [fixture('macos-15-sip-enabled-custom.txt'), fixture('macos-14-sip-custom.txt')]) {
    for (let end = 0; end < text.length; end++) {
      assert.notEqual(parseIntegrityProtection(text.slice(0, end)).intact, true);
    }
  }
});

test('arguments that are cut off before they are told are not none', () => {
  assert.deepEqual(parseBootArguments(0, 'boot-args\t\n', ''), { intact: true, detail: null });
  for (const text of ['', 'boot-args', 'boot-args\t', 'boot-args\t-x', 'oops\nboot-args\t\n']) {
    assert.deepEqual(parseBootArguments(0, text, ''), { intact: null, detail: null }, JSON.stringify(text));
  }
});
