import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifiers } from '@postern/shared/checks/identifiers';
import { sha256 } from '@postern/shared/digest';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { hardwareOf, identify } from './hardware.ts';
import { ask, loadLibraries, type Libraries } from './libraries.ts';
import { readWith } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const guid = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';

function libraries(name: string, machineId: Libraries['machineId'] = async () => guid): Libraries {
  return { system: async () => JSON.parse(fixture(`windows-${name}-systeminformation.json`)), machineId };
}

function windows(cryptography: string | CommandResult = fixture('windows-cryptography.txt')) {
  const command = 'C:\\Windows\\System32\\reg.exe query HKLM\\SOFTWARE\\Microsoft\\Cryptography';
  return recordedSystem({ platform: 'windows', commands: { [command]: cryptography } });
}

test('a Windows machine tells who it is, and its id leaves it as a hash only', async () => {
  assert.deepEqual(valueOf(await readWith(windows(), async () => libraries('11')), identifiers), {
    vendor: 'LENOVO',
    model: '21CBCTO1WW',
    serial: 'PF3XYZ12',
    hardwareUuid: '4c4c4544-0042-3510-8051-b4c04f4b4e32',
    machineIdHash: sha256(`postern-machine-id:${guid}`),
    junk: [],
  });
});

test('what the board’s maker never filled in is null and named', async () => {
  const value = valueOf(await readWith(windows(), async () => libraries('10-oem-junk')), identifiers);
  assert.deepEqual([value.vendor, value.model, value.serial, value.hardwareUuid], [null, 'B450M Pro4', null, null]);
  assert.deepEqual(value.junk, ['serial', 'hardwareUuid']);
});

test('the serial number of the hardware is read, never that of the installation', async () => {
  const watched = { ...libraries('11'), osInfo: () => assert.fail('osInfo was asked') };
  assert.equal(valueOf(await readWith(windows(), async () => watched), identifiers).serial, 'PF3XYZ12');
});

test('node-machine-id is not asked where it would throw out of anybody’s reach', async () => {
  const watched = libraries('11', () => assert.fail('node-machine-id was asked'));
  for (const answer of [fixture('windows-cryptography-no-guid.txt'), exited(1, '', 'FEHLER'), refused, '']) {
    assert.equal(valueOf(await readWith(windows(answer), async () => watched), identifiers).machineIdHash, null);
  }
});

test('an id that is none is not hashed', async () => {
  for (const id of [guid.slice(0, -1), '', 'fehler', '00000000-0000-0000-0000-000000000000', 7, undefined]) {
    const value = valueOf(await readWith(windows(), async () => libraries('11', async () => id)), identifiers);
    assert.equal(value.machineIdHash, null, String(id));
  }
});

test('blocked PowerShell, missing libraries and a library that fails are unknown', async () => {
  assert.equal(reasonOf(await readWith(windows(), async () => libraries('powershell-blocked'))), 'no-data');
  assert.equal(reasonOf(await readWith(windows(), () => Promise.reject(new Error('not installed')))), 'failed');
  const failing = { ...libraries('11'), system: () => Promise.reject(new Error('spawn EPERM')) };
  assert.equal(reasonOf(await readWith(windows(), async () => failing)), 'no-data');
});

test('a library that never answers is left after its deadline', async () => {
  assert.deepEqual(await ask(() => new Promise(() => {}), 5), { outcome: 'timed-out' });
  assert.deepEqual(
    await ask(() => {
      throw new Error('at once');
    }, 5),
    { outcome: 'failed' },
  );
  assert.deepEqual(await ask(async () => 1, 5), { outcome: 'answered', value: 1 });
});

test('the libraries have the functions that are used', async () => {
  const loaded = await loadLibraries();
  assert.deepEqual([typeof loaded.system, typeof loaded.machineId], ['function', 'function']);
});

test('any answer of the library is identifiers that fit, or none', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('-', '', 'Default string', '\u202e', 'x'.repeat(200)));
  const answer = fc.oneof(fc.anything(), fc.record({ manufacturer: text, model: text, serial: text, uuid: text }));
  fc.assert(
    fc.property(answer, (value) => {
      const hardware = hardwareOf({ outcome: 'answered', value });
      if (hardware !== undefined) identifiers.value.parse(identify(hardware, null));
    }),
  );
});
