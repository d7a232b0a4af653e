import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { identifiers } from '@postern/shared/checks/identifiers';
import { collect } from '../collect.ts';
import { found, unknown } from '../finding.ts';
import { recordedSystem } from '../testing/recorded-system.ts';
import { valueOf } from '../testing/assert-finding.ts';
import { identify } from './hardware.ts';
import { identifiersCollector } from './index.ts';
import { keyed } from './keyed.ts';

const key = Buffer.alloc(32, 7).toString('base64url');
const hash = (text: string) => createHmac('sha256', Buffer.alloc(32, 7)).update(text).digest('base64url');
const hardware = { vendor: 'LENOVO', model: '21CB', serial: 'PF3ABCDE', uuid: '4C4C4544-0042-3510-8052-B4C04F4E4D32' };

test('under a key, serial number and ids are hashes by name; vendor and model stay', () => {
  const value = valueOf(keyed(found(identify(hardware, 'm'.repeat(43)), 'm'), key), identifiers);
  assert.deepEqual(value, {
    vendor: 'LENOVO',
    model: '21CB',
    serial: hash('serial:PF3ABCDE'),
    hardwareUuid: hash('hardwareUuid:4c4c4544-0042-3510-8052-b4c04f4e4d32'),
    machineIdHash: hash(`machineIdHash:${'m'.repeat(43)}`),
    keyed: true,
    junk: [],
  });
});

test('without a key they are as they are', () => {
  const finding = found(identify(hardware, null), 'm');
  assert.deepEqual(keyed(finding, null), finding);
});

test('junk is refused before it is hashed: two machines with the same junk get no common hash', () => {
  const junk = identify(
    { ...hardware, serial: 'To Be Filled By O.E.M.', uuid: '03000200-0400-0500-0006-000700080009' },
    null,
  );
  const value = valueOf(keyed(found(junk, 'm'), key), identifiers);
  assert.deepEqual([value.serial, value.hardwareUuid, value.machineIdHash], [null, null, null]);
  assert.deepEqual(value.junk, ['serial', 'hardwareUuid']);
});

test('what is not known stays so', () => {
  const finding = unknown('no-data', 'Nothing.', 'm');
  assert.equal(keyed(finding, key), finding);
});

test('the collector takes the key from the plan, and the same machine gives the same hashes', async () => {
  const system = recordedSystem({ platform: 'linux', files: { '/sys/class/dmi/id/product_serial': 'PF3ABCDE\n' } });
  const read = async (identifierKey: string | null) => {
    const reading = (await collect(system, [identifiersCollector], { identifierKey }))['identifiers'];
    return reading?.status === 'ok' ? identifiers.value.parse(reading.value) : undefined;
  };
  assert.equal((await read(null))?.serial, 'PF3ABCDE');
  assert.equal((await read(key))?.serial, hash('serial:PF3ABCDE'));
  assert.deepEqual(await read(key), await read(key));
  assert.notEqual((await read(Buffer.alloc(32, 8).toString('base64url')))?.serial, hash('serial:PF3ABCDE'));
});
