import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secureBoot } from '@postern/shared/checks/secure-boot';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const folder = '/sys/firmware/efi/efivars';
const vendor = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const variables = (secure: number[], setup: number[] = [6, 0, 0, 0, 0]) => ({
  [`${folder}/SecureBoot-${vendor}`]: secure,
  [`${folder}/SetupMode-${vendor}`]: setup,
});
const read = (recording: Omit<Recording, 'platform'>) => readLinux(recordedSystem({ platform: 'linux', ...recording }));

test('on, off and setup mode are the fifth byte, not the first', async () => {
  assert.deepEqual(valueOf(await read({ bytes: variables([6, 0, 0, 0, 1]) }), secureBoot), {
    enabled: true,
    setupMode: false,
  });
  assert.deepEqual(valueOf(await read({ bytes: variables([6, 0, 0, 0, 0]) }), secureBoot), {
    enabled: false,
    setupMode: false,
  });
  const setup = await read({ bytes: variables([6, 0, 0, 0, 0], [6, 0, 0, 0, 1]) });
  assert.deepEqual(valueOf(setup, secureBoot), { enabled: false, setupMode: true });
});

test('an unreadable setup mode is not known, and does not hide the rest', async () => {
  const finding = await read({ bytes: variables([6, 0, 0, 0, 1], [1]) });
  assert.deepEqual(valueOf(finding, secureBoot), { enabled: true, setupMode: null });
});

test('a variable of another length or value is unknown, not off', async () => {
  for (const bytes of [[], [1], [6, 0, 0, 0], [6, 0, 0, 0, 7], [6, 0, 0, 0, 1, 1]]) {
    assert.equal(reasonOf(await read({ bytes: variables(bytes) })), 'output-unreadable');
  }
});

test('shim that was told to verify nothing switches it off, whatever the firmware says', async () => {
  const shim = `${folder}/MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23`;
  const machine = (bytes: number[]) => read({ bytes: { ...variables([6, 0, 0, 0, 1]), [shim]: bytes } });
  assert.equal(valueOf(await machine([6, 0, 0, 0, 1]), secureBoot).enabled, false);
  assert.equal(valueOf(await machine([6, 0, 0, 0, 0]), secureBoot).enabled, true);
  assert.equal(reasonOf(await machine([1])), 'output-unreadable');
});

test('a BIOS machine has no secure boot, which is not a failure', async () => {
  const finding = await read({ dirs: { '/sys/firmware': ['acpi'] } });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'hardware-absent');
});

test('EFI without readable variables is unknown, and so is a machine without sysfs', async () => {
  assert.equal(reasonOf(await read({ dirs: { '/sys/firmware/efi': ['runtime'] } })), 'no-data');
  assert.equal(reasonOf(await read({ dirs: { [folder]: [] } })), 'no-data');
  assert.equal(reasonOf(await read({})), 'no-data');
});

test('in a container the firmware of the host is not looked at', async () => {
  const finding = await read({ bytes: variables([6, 0, 0, 0, 1]), files: { '/run/.containerenv': '' } });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
});
