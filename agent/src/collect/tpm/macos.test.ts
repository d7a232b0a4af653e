import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tpm } from '@postern/shared/checks/tpm';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const enclave = { present: true, version: 'secure-enclave' };
const intel = 'kern.hv_vmm_present: 0\n';

function mac(sysctl: string | CommandResult, report: string | CommandResult = refused) {
  return recordedSystem({
    platform: 'macos',
    commands: {
      '/usr/sbin/sysctl -i hw.optional.arm64 kern.hv_vmm_present': sysctl,
      '/usr/sbin/system_profiler -json SPiBridgeDataType': report,
    },
  });
}

test('every Apple chip has an enclave, also for a program that Rosetta translates', async () => {
  const system = mac('hw.optional.arm64: 1\nkern.hv_vmm_present: 0\n');
  assert.deepEqual(valueOf(await readMacos(system), tpm), enclave);
  assert.equal(system.ran.length, 1);
});

test('beside Intel’s processors the T1 and T2 chips have one, in every language', async () => {
  for (const name of ['macos-13-t2.json', 'macos-14-t2-german.json', 'macos-13-t1.json']) {
    assert.deepEqual(valueOf(await readMacos(mac(intel, fixture(name))), tpm), enclave, name);
  }
});

test('an Intel Mac without them has none', async () => {
  const value = valueOf(await readMacos(mac(intel, fixture('macos-13-none.json'))), tpm);
  assert.deepEqual(value, { present: false, version: null });
});

test('a virtual Mac does not have the enclave of its host', async () => {
  const guest = 'hw.optional.arm64: 1\nkern.hv_vmm_present: 1\n';
  assert.equal(reasonOf(await readMacos(mac(guest))), 'no-data');
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  for (const text of ['', 'hw.optional.arm64: 1', 'hw.optional.arm64: yes\n', '<html>']) {
    assert.equal(reasonOf(await readMacos(mac(text))), 'output-unreadable', text);
  }
  assert.equal(reasonOf(await readMacos(mac(exited(1, intel)))), 'output-unreadable');
  assert.equal(reasonOf(await readMacos(mac(intel))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac(intel, fixture('macos-truncated.json')))), 'output-unreadable');
  const renamed = fixture('macos-13-t2.json').replace('T2', 'X9');
  assert.equal(reasonOf(await readMacos(mac(intel, renamed))), 'output-unreadable');
});
