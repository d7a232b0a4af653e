import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifiers } from '@postern/shared/checks/identifiers';
import { sha256 } from '@postern/shared/digest';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import type { Libraries } from './libraries.ts';
import { parseExpertDevice, readWith } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const uuid = 'aabbccdd-1122-3344-5566-77889900aabb';
const recorded: Libraries = {
  system: async () => JSON.parse(fixture('macos-15-systeminformation.json')),
  machineId: async () => uuid,
};
const silent: Libraries = {
  system: () => Promise.reject(new Error('no answer')),
  machineId: () => Promise.reject(new Error('no answer')),
};

function mac(ioreg: string | CommandResult) {
  return recordedSystem({ platform: 'macos', commands: { '/usr/sbin/ioreg -rd1 -c IOPlatformExpertDevice': ioreg } });
}
const ioreg = fixture('macos-15-ioreg.txt');
const expected = {
  vendor: 'Apple Inc.',
  model: 'MacBookPro18,1',
  serial: 'C02XK1ZZQ05N',
  hardwareUuid: uuid,
  machineIdHash: sha256(`postern-machine-id:${uuid}`),
  junk: [],
};

test('a Mac tells who it is, and its id leaves it as a hash only', async () => {
  assert.deepEqual(valueOf(await readWith(mac(ioreg), async () => recorded), identifiers), expected);
});

test('where the libraries do not answer or are missing, ioreg stands in', async () => {
  for (const load of [async () => silent, () => Promise.reject(new Error('not installed'))]) {
    const value = valueOf(await readWith(mac(ioreg), load), identifiers);
    assert.deepEqual(value, { ...expected, machineIdHash: null });
  }
});

test('an order number ("model-number") is not taken for the model', async () => {
  const mistaken = {
    ...recorded,
    system: async () => JSON.parse(fixture('macos-15-systeminformation-model-number.json')),
  };
  assert.equal(valueOf(await readWith(mac(ioreg), async () => mistaken), identifiers).model, 'MacBookPro18,1');
});

test('node-machine-id is not asked where it would throw out of anybody’s reach', async () => {
  const watched = { ...recorded, machineId: () => assert.fail('node-machine-id was asked') };
  for (const answer of ['', fixture('macos-truncated-ioreg.txt'), exited(1), refused]) {
    assert.equal(valueOf(await readWith(mac(answer), async () => watched), identifiers).machineIdHash, null);
  }
});

test('junk of a virtual machine is null and named', async () => {
  const value = valueOf(await readWith(mac(fixture('macos-13-vm-ioreg.txt')), async () => silent), identifiers);
  assert.deepEqual([value.serial, value.hardwareUuid, value.model], [null, null, 'VirtualMac2,1']);
  assert.deepEqual(value.junk, ['serial', 'hardwareUuid']);
});

test('a Mac that says nothing is unknown', async () => {
  assert.equal(reasonOf(await readWith(recordedSystem({ platform: 'macos' }), async () => silent)), 'tool-absent');
  assert.equal(reasonOf(await readWith(mac(refused), async () => silent)), 'permission-denied');
  for (const text of ['', fixture('macos-truncated-ioreg.txt'), '<html>"IOPlatformUUID"</html>']) {
    assert.equal(reasonOf(await readWith(mac(text), async () => silent)), 'no-data', text);
  }
});

test('a quarter of a megabyte of empty lines is read at once, and a name of bytes that are no text is none', () => {
  const started = performance.now();
  parseExpertDevice(`${'\n'.repeat(256 * 1024)}x`);
  parseExpertDevice(`${' '.repeat(256 * 1024)}x`);
  assert.ok(performance.now() - started < 2000);
  assert.equal(parseExpertDevice(ioreg.replace('Apple Inc.', 'Apple I\ufffdc.')).vendor, undefined);
});

test('any text of ioreg is read without throwing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseExpertDevice(text).uuid, undefined);
    }),
  );
});
