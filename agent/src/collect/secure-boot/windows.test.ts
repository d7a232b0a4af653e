import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secureBoot } from '@postern/shared/checks/secure-boot';
import type { CommandResult } from '../system.ts';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused } from '../testing/recorded-system.ts';
import { assertNoPartBelieved, keyRefused, windowsRegistry } from '../windows/testing/recorded-windows.ts';
import { readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const control = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
const state = `${control}\\SecureBoot\\State`;

function read(queries: Record<string, string | CommandResult>) {
  return readWindows(windowsRegistry(queries));
}

test('secure boot is on where the firmware said so at the start', async () => {
  for (const name of ['windows-11-24h2-on.txt', 'windows-server-2022-on.txt']) {
    assert.deepEqual(valueOf(await read({ [state]: fixture(name) }), secureBoot), { enabled: true, setupMode: null });
  }
});

test('off may also be setup mode, which Windows does not note: that stays open', async () => {
  const value = valueOf(await read({ [state]: fixture('windows-10-22h2-off.txt') }), secureBoot);
  assert.deepEqual(value, { enabled: false, setupMode: null });
});

test('a machine that starts by BIOS cannot have secure boot: that is not off', async () => {
  const byFirmware = { [`${control} /v PEFirmwareType`]: fixture('windows-firmware-bios.txt') };
  const byParent = { [`${control}\\SecureBoot`]: fixture('windows-10-22h2-bios-parent.txt') };
  const byControl = { [control]: fixture('windows-server-2019-bios-control.txt') };
  for (const queries of [byFirmware, byParent, byControl]) {
    const finding = await read(queries);
    assert.deepEqual(
      [finding.status, finding.status === 'unsupported' && finding.reason],
      ['unsupported', 'hardware-absent'],
    );
  }
});

test('a key that is refused is not a key that is absent', async () => {
  const parent = fixture('windows-11-parent-with-state.txt');
  assert.equal(reasonOf(await read({ [state]: keyRefused, [`${control}\\SecureBoot`]: parent })), 'no-data');
  assert.equal(reasonOf(await read({})), 'no-data');
});

test('a machine with UEFI of which nothing is noted is unknown', async () => {
  const queries = {
    [`${control} /v PEFirmwareType`]: fixture('windows-firmware-uefi.txt'),
    [`${control}\\SecureBoot`]: fixture('windows-10-22h2-bios-parent.txt'),
  };
  assert.equal(reasonOf(await read(queries)), 'no-data');
});

test('no answer, another answer and a part of one are unknown', async () => {
  assert.equal(reasonOf(await readWindows(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  assert.equal(reasonOf(await read({ [state]: refused })), 'permission-denied');
  assert.equal(reasonOf(await read({ [state]: { outcome: 'timed-out' } })), 'timed-out');
  assert.equal(reasonOf(await read({ [state]: '<html>' })), 'output-unreadable');
  assert.equal(reasonOf(await read({ [state]: fixture('windows-11-no-value.txt') })), 'output-unreadable');
  const strange = fixture('windows-11-24h2-on.txt').replace('0x1', '0x12');
  assert.equal(reasonOf(await read({ [state]: strange })), 'output-unreadable');
  await assertNoPartBelieved(fixture('windows-11-24h2-on.txt'), (part) => read({ [state]: part }));
});
