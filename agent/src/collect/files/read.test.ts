import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { files } from '@postern/shared/checks/files';
import { valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused } from '../testing/recorded-system.ts';
import type { DigestResult } from '../system.ts';
import { allowance, fileDigests } from './digests.ts';
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
  await digests.of(system, '/a', allowance());
  await digests.of(system, '/a', allowance());
  assert.equal(state.reads, 1);
  state.version = '2';
  await digests.of(system, '/a', allowance());
  assert.equal(state.reads, 2);
});

test('what was swapped between the look and the reading is not kept under the old look', async () => {
  const { state, system } = counted(() => ({ outcome: 'read', sha256: 'b'.repeat(64), version: 'swapped' }));
  const digests = fileDigests();
  await digests.of(system, '/a', allowance());
  await digests.of(system, '/a', allowance());
  assert.equal(state.reads, 2);
});

test('a hash that is still being computed is waited for, not begun again', async () => {
  const { state, system } = counted();
  const digests = fileDigests();
  await Promise.all([digests.of(system, '/a', allowance()), digests.of(system, '/a', allowance())]);
  assert.equal(state.reads, 1);
});

test('a file that could not be read is tried again', async () => {
  const { state, system } = counted(() => ({ outcome: 'refused' }));
  const digests = fileDigests();
  await digests.of(system, '/a', allowance());
  await digests.of(system, '/a', allowance());
  assert.equal(state.reads, 2);
});

const linux = (system: Parameters<typeof readFiles>[0], ...targets: string[]) =>
  readFiles(system, { targets, identifierKey: null }, fileDigests(), signaturesOnLinux);

test('of a private file, a home, and what the kernel makes up nothing is told', async () => {
  const opened: string[] = [];
  const recorded = recordedSystem({
    platform: 'linux',
    files: {
      '/etc/pin': refused,
      '/etc/everybody': 'x',
      '/home/grace/pin': '1234',
      '/home/ada/diary': 'x',
      '/proc/12/cmdline': 'tool --password=hunter2',
      '/sys/class/net/eth0/address': '00:1a:2b:3c:4d:5e',
    },
    links: { '/opt/innocent': '/home/grace/pin' },
  });
  const system: typeof recorded = {
    ...recorded,
    digest: async (path, mostBytes) => (opened.push(path), recorded.digest(path, mostBytes)),
  };
  const targets = [
    '/etc/pin',
    '/home/grace/pin',
    '/home/ada/not-there',
    '/opt/innocent',
    '/proc/12/cmdline',
    '/sys/class/net/eth0/address',
    '/etc/everybody',
  ];
  const { files: told } = valueOf(await linux(system, ...targets), files);
  assert.deepEqual(
    told.map(({ path, state, sha256: hash }) => [path, state, hash]),
    [
      ['/etc/pin', 'not-readable', null],
      ['/home/grace/pin', 'not-readable', null],
      ['/home/ada/not-there', 'not-readable', null],
      ['/opt/innocent', 'not-readable', null],
      ['/proc/12/cmdline', 'not-a-file', null],
      ['/sys/class/net/eth0/address', 'not-a-file', null],
      ['/etc/everybody', 'present', sha256('x')],
    ],
  );
  // Of the first one digest() says itself that it may not be told.
  assert.deepEqual(opened, ['/etc/pin', '/etc/everybody']);
});

test('a plan full of large files is hashed bit by bit, and is unknown until all are', async () => {
  const size = 256 * 1024 * 1024;
  let reads = 0;
  const system = {
    ...recordedSystem({ platform: 'linux' }),
    inspect: async () => entry('file', size),
    digest: async (): Promise<DigestResult> => {
      reads += 1;
      return { outcome: 'read', sha256: 'a'.repeat(64), version: 'v' };
    },
  };
  const targets = Array.from({ length: 6 }, (_, at) => `/opt/${at}`);
  const digests = fileDigests();
  const look = () => readFiles(system, { targets, identifierKey: null }, digests, signaturesOnLinux);
  const first = await look();
  assert.ok(first.status === 'unknown' && first.reason === 'timed-out');
  assert.match(first.detail, /: 2 of them are left for the next report\.$/);
  assert.equal(reads, 4);
  assert.equal((await look()).status, 'ok');
  assert.equal(reads, 6, 'none is hashed twice');
});
