import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tpm } from '@postern/shared/checks/tpm';
import fc from 'fast-check';
import type { CommandResult } from '../system.ts';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused } from '../testing/recorded-system.ts';
import { assertNoPartBelieved, keyRefused, windowsRegistry } from '../windows/testing/recorded-windows.ts';
import { readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const driver = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\TPM';
const device = 'HKLM\\SYSTEM\\CurrentControlSet\\Enum\\ACPI\\NTC0702\\1';

function read(devices: string | CommandResult, more: Record<string, string | CommandResult> = {}) {
  return readWindows(windowsRegistry({ [`${driver}\\Enum`]: devices, ...more }));
}

test('a chip in the processor tells its version by the id that Microsoft gave it', async () => {
  const value = valueOf(await read(fixture('windows-11-24h2-ptt.txt')), tpm);
  assert.deepEqual(value, { present: true, version: '2.0' });
});

test('an old chip is told from a new one', async () => {
  assert.deepEqual(valueOf(await read(fixture('windows-10-22h2-12.txt')), tpm), { present: true, version: '1.2' });
});

test('a chip with its maker’s id says what it is compatible with', async () => {
  const devices = fixture('windows-server-2022-discrete.txt');
  const known = await read(devices, { [device]: fixture('windows-device-ntc0702.txt') });
  assert.deepEqual(valueOf(known, tpm), { present: true, version: '2.0' });
  assert.deepEqual(valueOf(await read(devices, { [device]: keyRefused }), tpm), { present: true, version: null });
});

test('a driver that serves nothing is no chip', async () => {
  const none = { present: false, version: null };
  assert.deepEqual(valueOf(await read(fixture('windows-server-2019-none-started.txt')), tpm), none);
  const without = await read(keyRefused, { [driver]: fixture('windows-driver-without-chip.txt') });
  assert.deepEqual(valueOf(without, tpm), none);
});

test('a list of chips that is refused is not an empty one', async () => {
  assert.equal(
    reasonOf(await read(keyRefused, { [driver]: fixture('windows-driver-with-chip.txt') })),
    'permission-denied',
  );
  assert.equal(reasonOf(await read(keyRefused)), 'permission-denied');
});

test('neither an administrator’s class nor a tool in the user’s language is asked', async () => {
  const system = windowsRegistry({ [`${driver}\\Enum`]: fixture('windows-11-24h2-ptt.txt') });
  await readWindows(system);
  assert.ok(system.ran.length > 0 && system.ran.every((ran) => /\\reg\.exe query /.test(ran)));
  assert.equal(reasonOf(await read(fixture('windows-tpmtool-german.txt'))), 'output-unreadable');
});

test('no answer, another answer and a part of one are unknown', async () => {
  assert.equal(reasonOf(await readWindows(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  assert.equal(reasonOf(await read(refused)), 'permission-denied');
  assert.equal(reasonOf(await read({ outcome: 'timed-out' })), 'timed-out');
  assert.equal(reasonOf(await read(fixture('windows-11-odd.txt'))), 'output-unreadable');
  for (const name of ['windows-11-24h2-ptt.txt', 'windows-server-2019-none-started.txt']) {
    await assertNoPartBelieved(fixture(name), (part) => read(part));
  }
});

test('an id that leads elsewhere is not followed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string(), fc.constant('ACPI\\..\\..\\X'), fc.constant('ACPI\\A\\1 /s')),
      async (id) => {
        const devices = fixture('windows-server-2022-discrete.txt').replace('ACPI\\NTC0702\\1', () => id);
        const system = windowsRegistry({ [`${driver}\\Enum`]: devices });
        await readWindows(system);
        assert.ok(system.ran.every((ran) => ran.endsWith('TPM\\Enum') || /\\Enum\\ACPI\\[\w&]+\\[\w&.]+$/.test(ran)));
      },
    ),
  );
});
