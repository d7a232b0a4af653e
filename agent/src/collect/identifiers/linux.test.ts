import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifiers } from '@postern/shared/checks/identifiers';
import { sha256 } from '@postern/shared/digest';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const dmi = (values: Record<string, string | typeof refused>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`/sys/class/dmi/id/${name}`, value]));
const read = (files: Recording['files'] = {}) => readLinux(recordedSystem({ platform: 'linux', files }));
const machineId = { '/etc/machine-id': '0123456789abcdef0123456789abcdef\n' };

test('root: everything, and the machine id only as its hash', async () => {
  const files = {
    ...machineId,
    ...dmi({
      sys_vendor: 'LENOVO\n',
      product_name: '21CB\n',
      product_serial: 'PF3ABCDE\n',
      product_uuid: '4C4C4544-0051-3510-8052-B4C04F4A4D32\n',
    }),
  };
  assert.deepEqual(valueOf(await read(files), identifiers), {
    vendor: 'LENOVO',
    model: '21CB',
    serial: 'PF3ABCDE',
    hardwareUuid: '4c4c4544-0051-3510-8052-b4c04f4a4d32',
    machineIdHash: sha256('postern-machine-id:0123456789abcdef0123456789abcdef'),
    junk: [],
  });
});

test('user: what may not be read is not known, and is not called junk', async () => {
  const files = { ...machineId, ...dmi({ sys_vendor: 'LENOVO\n', product_serial: refused, product_uuid: refused }) };
  const value = valueOf(await read(files), identifiers);
  assert.deepEqual([value.serial, value.hardwareUuid, value.junk], [null, null, []]);
});

test('junk is named and not passed on', async () => {
  const files = dmi({
    sys_vendor: 'To Be Filled By O.E.M.\n',
    product_name: 'System Product Name\n',
    product_serial: 'Default string\n',
    product_uuid: '03000200-0400-0500-0006-000700080009\n',
  });
  const value = valueOf(await read(files), identifiers);
  assert.deepEqual(value, {
    vendor: null,
    model: null,
    serial: null,
    hardwareUuid: null,
    machineIdHash: null,
    junk: ['serial', 'hardwareUuid'],
  });
});

test('a board without DMI is told from its device tree', async () => {
  const tree = '/sys/firmware/devicetree/base';
  const files = {
    [`${tree}/model`]: 'Raspberry Pi 5 Model B Rev 1.0\0',
    [`${tree}/serial-number`]: '100000008a7b6c5d\0',
  };
  const value = valueOf(await read(files), identifiers);
  assert.deepEqual([value.model, value.serial], ['Raspberry Pi 5 Model B Rev 1.0', '100000008a7b6c5d']);
});

test('a machine id that is not set up yet is none', async () => {
  for (const id of ['', 'uninitialized\n', `${'0'.repeat(32)}\n`, 'not-an-id\n']) {
    assert.equal(reasonOf(await read({ '/etc/machine-id': id })), 'no-data');
  }
});

test('a text that is cut off, of bytes that are none, or a UUID of another form is not known', async () => {
  for (const vendor of ['LENO', 'LENO\ufffdO\n', 'LENOVO\n\n']) {
    assert.equal(
      valueOf(await read({ ...machineId, ...dmi({ sys_vendor: vendor }) }), identifiers).vendor,
      null,
      vendor,
    );
  }
  for (const uuid of ['Usage: dmidecode\n', '4C4C4544-0051-3510-8052-B4C04F4A4D3\n', '4C4C4544-0051-3510-8052\n']) {
    const value = valueOf(await read({ ...machineId, ...dmi({ product_uuid: uuid }) }), identifiers);
    assert.deepEqual([value.hardwareUuid, value.junk], [null, []], uuid);
  }
});

test('texts with control characters are left out', async () => {
  const value = valueOf(await read({ ...machineId, ...dmi({ sys_vendor: 'AC\u001b[31mME\n' }) }), identifiers);
  assert.equal(value.vendor, null);
});
