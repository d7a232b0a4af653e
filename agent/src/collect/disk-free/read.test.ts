import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskFree } from '@postern/shared/checks/disk-free';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem } from '../testing/recorded-system.ts';
import { read } from './read.ts';

const space = { sizeBytes: 500 * 1024 ** 3 + 1, freeBytes: 99.9 * 1024 ** 3 };

test('whole GiB and whole percent, both rounded down', async () => {
  const system = recordedSystem({ platform: 'linux', diskSpace: { '/': space } });
  assert.deepEqual(valueOf(await read(system), diskFree), { mount: '/', sizeGiB: 500, freePercent: 19 });
});

test('an image-based system is judged by the volume below its image', async () => {
  const files = { '/run/ostree-booted': '' };
  const system = recordedSystem({
    platform: 'linux',
    files,
    diskSpace: { '/': { sizeBytes: 1, freeBytes: 0 }, '/sysroot': space },
  });
  assert.equal(valueOf(await read(system), diskFree).mount, '/sysroot');
});

test('Windows: the system drive, whatever the environment says it is', async () => {
  const diskSpace = { 'C:\\': space, 'D:\\': space };
  const on = async (drive: string) =>
    valueOf(await read(recordedSystem({ platform: 'windows', diskSpace, env: { SystemDrive: drive } })), diskFree)
      .mount;
  assert.equal(await on('D:'), 'D:\\');
  assert.equal(await on('\\\\server\\share'), 'C:\\');
});

test('a volume without a size is unknown', async () => {
  assert.equal(reasonOf(await read(recordedSystem({ platform: 'linux' }))), 'no-data');
});
