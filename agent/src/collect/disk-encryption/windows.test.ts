import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskEncryption } from '@postern/shared/checks/disk-encryption';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseJson } from '../windows/powershell.ts';
import { assertOnlyAnswersBelieved } from '../windows/testing/recorded-windows.ts';
import { answerSchema, script } from './windows-parse.ts';
import { judge, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const command = `C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -NoProfile -NonInteractive -Command ${script}`;

function read(answer: string | CommandResult) {
  return readWindows(recordedSystem({ platform: 'windows', commands: { [command]: answer } }));
}

async function stateOf(name: string) {
  return valueOf(await read(fixture(name)), diskEncryption).state;
}

test('BitLocker that is on for every drive inside is full', async () => {
  const value = valueOf(await read(fixture('windows-11-24h2-on.json')), diskEncryption);
  assert.deepEqual(value, { state: 'full', volumes: [{ mount: 'C:', encrypted: true, method: 'bitlocker' }] });
  assert.equal(await stateOf('windows-10-22h2-german-on.json'), 'full');
});

test('off is none, on clients and servers', async () => {
  assert.equal(await stateOf('windows-10-22h2-off.json'), 'none');
  assert.equal(await stateOf('windows-server-2019-off.json'), 'none');
});

test('suspended protection keeps the key beside the data: not encrypted', async () => {
  assert.equal(await stateOf('windows-11-suspended.json'), 'none');
});

test('encryption that has only begun, or waits for activation, is not encryption', async () => {
  assert.equal(await stateOf('windows-11-encrypting.json'), 'none');
  assert.equal(await stateOf('windows-11-24h2-waiting.json'), 'none');
});

test('an encrypted external drive does not stand in for a plain system drive', async () => {
  const value = valueOf(await read(fixture('windows-11-usb-encrypted.json')), diskEncryption);
  assert.deepEqual(value, { state: 'none', volumes: [{ mount: 'C:', encrypted: false, method: null }] });
});

test('a plain external drive does not count, by its bus or by its kind', async () => {
  assert.equal(await stateOf('windows-11-usb-plain.json'), 'full');
});

test('a plain data drive inside makes it partial, also where Windows does not tell what is behind it', async () => {
  assert.equal(await stateOf('windows-11-23h2-data-plain.json'), 'partial');
  assert.equal(await stateOf('windows-11-disks-not-told.json'), 'partial');
});

test('a locked drive, cloud storage and a volume in a folder cannot be looked into: enabled, not full', async () => {
  for (const name of ['windows-11-data-locked.json', 'windows-11-cloud-drive.json', 'windows-11-folder-mount.json']) {
    assert.equal(await stateOf(name), 'enabled', name);
  }
});

test('Windows that says nothing of its system drive is unknown', async () => {
  assert.equal(reasonOf(await read(fixture('windows-11-home-says-nothing.json'))), 'no-data');
  const others = judge({
    system: 'C:',
    drives: [{ letter: 'D:', protection: 1, disks: null }],
    folders: [],
    fault: null,
  });
  assert.equal(reasonOf(others), 'no-data');
});

test('"Fully Encrypted" with protection off, as manage-bde prints it, is no answer', async () => {
  assert.match(fixture('windows-manage-bde-english.txt'), /Fully Encrypted[^]*Protection Off/);
  assert.equal(reasonOf(await read(fixture('windows-manage-bde-english.txt'))), 'output-unreadable');
});

test('what stands in the way is said: rights, or a restricted PowerShell', async () => {
  assert.equal(reasonOf(await read(fixture('windows-access-denied.json'))), 'permission-denied');
  const restricted = await read(fixture('windows-constrained-language.json'));
  assert.equal(reasonOf(restricted), 'permission-denied');
  assert.match(restricted.status === 'unknown' ? restricted.detail : '', /Constrained Language Mode/);
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readWindows(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  assert.equal(reasonOf(await read(refused)), 'permission-denied');
  assert.equal(reasonOf(await read({ outcome: 'timed-out' })), 'timed-out');
  assert.equal(reasonOf(await read(exited(1, '', fixture('windows-powershell-error-japanese.txt')))), 'failed');
  for (const text of [
    '',
    fixture('windows-truncated.json'),
    fixture('windows-html.txt'),
    fixture('windows-powershell-error-japanese.txt'),
    '1',
  ]) {
    assert.equal(reasonOf(await read(text)), 'output-unreadable', text);
  }
});

test('every beginning of an answer, and what is none, is unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-11-24h2-on.json'));
});

test('the script is constant, asks no cached WMI property, and carries no quote that a command line could misread', () => {
  assert.doesNotMatch(script, /["`\n]|\$\{/);
  assert.doesNotMatch(script, /Win32_EncryptableVolume|ProtectionStatus|manage-bde|\$env:/);
});

test('no answer encrypts a drive by accident', () => {
  const drive = fc.record({
    letter: fc.constantFrom('C:', 'D:', 'E:'),
    protection: fc.option(fc.integer({ min: -1, max: 9 })),
    disks: fc.option(
      fc.array(
        fc.record({
          bus: fc.constantFrom('USB', 'SCSI', ''),
          media: fc.constantFrom('Fixed hard disk media', 'External hard disk media', ''),
        }),
        { maxLength: 2 },
      ),
    ),
  });
  const answer = fc.record({
    system: fc.option(fc.constantFrom('C:', 'c:', '')),
    drives: fc.option(fc.array(drive, { maxLength: 4 })),
    folders: fc.array(fc.string(), { maxLength: 2 }),
    fault: fc.option(fc.string()),
  });
  fc.assert(
    fc.property(answer, (given) => {
      const finding = judge(given);
      if (finding.status !== 'ok' || valueOf(finding, diskEncryption).state === 'none') return;
      assert.equal(given.drives?.find(({ letter }) => letter === 'C:')?.protection, 1);
      if (finding.value.state === 'full')
        assert.ok(given.folders.length === 0 && finding.value.volumes.every(({ encrypted }) => encrypted === true));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(answerSchema.safeParse(parseJson(text)).success, false);
    }),
  );
});
