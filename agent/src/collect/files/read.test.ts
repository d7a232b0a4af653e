import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { files } from '@postern/shared/checks/files';
import { valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused } from '../testing/recorded-system.ts';
import type { DigestResult } from '../system.ts';
import { fileDigests } from './digests.ts';
import { signaturesOnLinux } from './linux.ts';
import { readFiles } from './read.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const entry = (kind: 'file' | 'other', sizeBytes: number) =>
  ({ outcome: 'found', kind, sizeBytes, identity: 'i', version: 'v' }) as const;

test('what a policy names, and what stands there', async () => {
  const system = recordedSystem({
    platform: 'linux',
    files: { '/opt/edr/agent': 'program', '/opt/edr/secret': refused },
    links: { '/usr/bin/edr': '/opt/edr/agent' },
    entries: {
      '/opt/edr/pipe': entry('other', 0),
      '/opt/edr/image': entry('file', 256 * 1024 * 1024 + 1),
    },
  });
  const targets = [
    '/opt/edr/agent',
    '/usr/bin/edr',
    '/opt/edr',
    '/opt/edr/pipe',
    '/opt/edr/image',
    '/opt/edr/secret',
    '/no',
  ];
  const finding = await readFiles(system, { targets, identifierKey: null }, fileDigests(), signaturesOnLinux);
  assert.deepEqual(
    valueOf(finding, files).files.map(({ path, state, sha256: hash, signature, signer }) => [
      path,
      state,
      hash,
      signature,
      signer,
    ]),
    [
      ['/opt/edr/agent', 'present', sha256('program'), 'none', null],
      ['/usr/bin/edr', 'present', sha256('program'), 'none', null],
      ['/opt/edr', 'not-a-file', null, 'unknown', null],
      ['/opt/edr/pipe', 'not-a-file', null, 'unknown', null],
      ['/opt/edr/image', 'too-large', null, 'unknown', null],
      ['/opt/edr/secret', 'not-readable', null, 'unknown', null],
      ['/no', 'absent', null, 'unknown', null],
    ],
  );
});

/** A file whose version the test decides, and how often it was read. */
function counted(answer: () => DigestResult = () => ({ outcome: 'read', sha256: 'a'.repeat(64), version: '1' })) {
  const state = { version: '1', reads: 0 };
  const system = {
    ...recordedSystem({ platform: 'linux' }),
    inspect: async () => ({ ...entry('file', 1), version: state.version }),
    digest: async () => {
      state.reads += 1;
      return answer();
    },
  };
  return { state, system };
}

test('a file is hashed once, and again when it changed in any way', async () => {
  const { state, system } = counted(() => ({ outcome: 'read', sha256: 'a'.repeat(64), version: state.version }));
  const digests = fileDigests();
  await digests.of(system, '/a');
  await digests.of(system, '/a');
  assert.equal(state.reads, 1);
  state.version = '2';
  await digests.of(system, '/a');
  assert.equal(state.reads, 2);
});

test('what was swapped between the look and the reading is not kept under the old look', async () => {
  const { state, system } = counted(() => ({ outcome: 'read', sha256: 'b'.repeat(64), version: 'swapped' }));
  const digests = fileDigests();
  await digests.of(system, '/a');
  await digests.of(system, '/a');
  assert.equal(state.reads, 2);
});

test('a hash that is still being computed is waited for, not begun again', async () => {
  const { state, system } = counted();
  const digests = fileDigests();
  await Promise.all([digests.of(system, '/a'), digests.of(system, '/a')]);
  assert.equal(state.reads, 1);
});

test('a file that could not be read is tried again', async () => {
  const { state, system } = counted(() => ({ outcome: 'refused' }));
  const digests = fileDigests();
  await digests.of(system, '/a');
  await digests.of(system, '/a');
  assert.equal(state.reads, 2);
});
