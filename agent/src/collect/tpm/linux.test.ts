import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tpm } from '@postern/shared/checks/tpm';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const read = (recording: Omit<Recording, 'platform'>) => readLinux(recordedSystem({ platform: 'linux', ...recording }));

test('the version is what the chip says', async () => {
  const two = await read({ files: { '/sys/class/tpm/tpm0/tpm_version_major': '2\n' } });
  assert.deepEqual(valueOf(two, tpm), { present: true, version: '2.0' });
  const one = await read({ files: { '/sys/class/tpm/tpm0/tpm_version_major': '1\n' } });
  assert.deepEqual(valueOf(one, tpm), { present: true, version: '1.2' });
});

test('an old kernel does not tell the version of a chip that is there', async () => {
  assert.deepEqual(valueOf(await read({ dirs: { '/sys/class/tpm': ['tpm0'] } }), tpm), {
    present: true,
    version: null,
  });
});

test('no chip is an answer; no sysfs is none', async () => {
  assert.deepEqual(valueOf(await read({ dirs: { '/sys/class': ['net'] } }), tpm), { present: false, version: null });
  assert.equal(reasonOf(await read({})), 'no-data');
});

test('a container cannot tell', async () => {
  const finding = await read({ dirs: { '/run/WSL': ['11_interop'], '/sys/class': [] } });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
});
