import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secureBoot } from '@postern/shared/checks/secure-boot';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseController } from '../macos/chip.ts';
import { parseBootPolicy } from './macos-level.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const words = '/System/Library/SystemProfiler/SPiBridgeReporter.spreporter/Contents/Resources/Localizable.loctable';
const variable = '94b73556-2197-4702-82a8-3e1337dafbfb:AppleSecureBootPolicy';
const unset = exited(1, '', fixture('macos-nvram-absent.stderr.txt'));
const silicon = 'hw.optional.arm64: 1\nkern.hv_vmm_present: 0\n';
const intel = 'kern.hv_vmm_present: 0\n';

function mac(
  report: string | CommandResult,
  { sysctl = silicon, nvram = unset }: { sysctl?: string | CommandResult; nvram?: string | CommandResult } = {},
) {
  return recordedSystem({
    platform: 'macos',
    files: { [words]: 'bplist00' },
    commands: {
      '/usr/sbin/system_profiler -json SPiBridgeDataType': report,
      [`/usr/bin/plutil -convert xml1 -o - ${words}`]: fixture('macos-words.loctable.txt'),
      [`/usr/sbin/nvram ${variable}`]: nvram,
      '/usr/sbin/sysctl -i hw.optional.arm64 kern.hv_vmm_present': sysctl,
    },
  });
}

async function enabledBy(name: string, options?: Parameters<typeof mac>[1]) {
  return valueOf(await readMacos(mac(fixture(name), options)), secureBoot).enabled;
}

test('an Apple chip tells its level: full and reduced start only what Apple signed, permissive starts anything', async () => {
  const value = valueOf(await readMacos(mac(fixture('macos-13-full.json'))), secureBoot);
  assert.deepEqual(value, { enabled: true, setupMode: null, level: 'full' });
  const reduced = valueOf(await readMacos(mac(fixture('macos-14-reduced.json'))), secureBoot);
  assert.equal(reduced.level, 'reduced');
  assert.equal(await enabledBy('macos-26-full.json'), true);
  assert.equal(await enabledBy('macos-14-reduced.json'), true);
  assert.equal(await enabledBy('macos-15-permissive.json'), false);
});

test('a level in French or German, as system_profiler says it even in JSON, is understood', async () => {
  assert.doesNotMatch(fixture('macos-15-french-full.json'), /Full Security/);
  assert.equal(await enabledBy('macos-15-french-full.json'), true);
  assert.equal(await enabledBy('macos-15-german-full.json'), true);
});

test('a word that two levels share is taken for the laxer one', async () => {
  assert.equal(await enabledBy('macos-26-french-shared.json'), false);
});

test('a T2 chip that does not tell is asked through NVRAM', async () => {
  const t2 = (value: string) => ({ sysctl: intel, nvram: `${variable}\t%${value}\n` });
  assert.equal(await enabledBy('macos-13-t2-no-level.json', t2('02')), true);
  assert.equal(await enabledBy('macos-13-t2-no-level.json', t2('01')), true);
  assert.equal(await enabledBy('macos-13-t2-no-level.json', t2('00')), false);
  assert.equal(await enabledBy('macos-14-t2-medium.json', { sysctl: intel }), true);
});

test('NVRAM says nothing about an Apple chip, where anybody could have written it', async () => {
  const nvram = `${variable}\t%02\n`;
  assert.equal(reasonOf(await readMacos(mac(fixture('macos-27-new-word.json'), { nvram }))), 'output-unreadable');
});

test('an old Intel Mac has no secure boot that could be on: unsupported, and not off', async () => {
  for (const name of ['macos-13-none.json', 'macos-13-t1.json']) {
    const finding = await readMacos(mac(fixture(name), { sysctl: intel }));
    assert.equal(finding.status === 'unsupported' && finding.reason, 'hardware-absent', name);
  }
});

test('an empty report is no proof that there is nothing, neither on an Apple chip nor where others are silent', async () => {
  const none = fixture('macos-13-none.json');
  assert.equal(reasonOf(await readMacos(mac(none))), 'output-unreadable');
  assert.equal(reasonOf(await readMacos(mac(none, { sysctl: intel, nvram: refused }))), 'output-unreadable');
  assert.equal(reasonOf(await readMacos(mac(none, { sysctl: refused }))), 'output-unreadable');
  assert.equal(reasonOf(await readMacos(mac(none, { sysctl: 'hw.opt' }))), 'output-unreadable');
  const t2 = fixture('macos-13-t2-no-level.json');
  assert.equal(reasonOf(await readMacos(mac(t2, { sysctl: intel }))), 'output-unreadable');
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ outcome: 'timed-out' }))), 'timed-out');
  for (const text of ['', '[]', '<html>', fixture('macos-truncated.json')]) {
    assert.equal(reasonOf(await readMacos(mac(text))), 'output-unreadable', text);
  }
});

test('no text is a report or a policy by accident', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(parseController(text), undefined);
      assert.equal(parseBootPolicy(text), undefined);
    }),
  );
  const whole = fixture('macos-13-full.json').trimEnd();
  for (let end = 0; end < whole.length; end++) assert.equal(parseController(whole.slice(0, end)), undefined);
});
