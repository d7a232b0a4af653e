import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processes } from '@postern/shared/checks/processes';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const agent = '/opt/edr/agent';
const at = (identity: string) =>
  ({ outcome: 'found', kind: 'file', sizeBytes: 1, identity, version: identity }) as const;
/** Of a process of this user: what its link says, and which file that is. */
const running = (pid: string, target: string, identity: string, mounts = 'mnt:[1]') => ({
  rawLinks: { [`/proc/${pid}/exe`]: target, [`/proc/${pid}/ns/mnt`]: mounts },
  entries: { [`/proc/${pid}/exe`]: at(identity) },
  dirs: [pid],
});

async function runs(
  all: readonly { rawLinks: Recording['rawLinks']; entries?: Recording['entries']; dirs: string[] }[],
  more: Omit<Recording, 'platform'> = {},
  path = agent,
): Promise<boolean | null | undefined> {
  const system = recordedSystem({
    platform: 'linux',
    ...more,
    dirs: { '/proc': ['1', 'self', 'uptime', ...all.flatMap(({ dirs }) => dirs)] },
    rawLinks: {
      '/proc/1/exe': '/usr/lib/systemd/systemd',
      '/proc/self/ns/mnt': 'mnt:[1]',
      ...Object.assign({}, ...all.map(({ rawLinks }) => rawLinks)),
    },
    entries: {
      [agent]: at('disk:7'),
      ...Object.assign({}, ...all.map(({ entries }) => entries ?? {})),
      ...more.entries,
    },
    files: { [agent]: 'program', ...more.files },
  });
  return valueOf(await readLinux(system, { targets: [path], identifierKey: null }), processes).processes[0]?.running;
}

test('a program runs whose file a process was started from', async () => {
  assert.equal(await runs([running('12', agent, 'disk:7')]), true);
  assert.equal(await runs([running('12', '/usr/bin/other', 'disk:8')]), false);
  assert.equal(await runs([]), false);
});

test('a process that only calls itself so is not it: names and command lines are not even read', async () => {
  const dressed = running('12', '/usr/bin/sleep', 'disk:9');
  const files = { '/proc/12/cmdline': `${agent}\0--daemon\0`, '/proc/12/comm': 'agent\n' };
  assert.equal(await runs([dressed], { files }), false);
});

test('another file at the same path in a container is not it', async () => {
  assert.equal(await runs([running('12', agent, 'overlay:7', 'mnt:[2]')]), false);
});

test('a service that systemd shields has mounts of its own and is it all the same', async () => {
  assert.equal(await runs([running('12', agent, 'disk:7', 'mnt:[2]')]), true);
});

test('a program that an update replaced while it runs still runs', async () => {
  assert.equal(await runs([running('12', `${agent} (deleted)`, 'disk:6')]), true);
});

test('a replaced program behind other mounts may be a container’s: not known', async () => {
  assert.equal(await runs([running('12', `${agent} (deleted)`, 'disk:6', 'mnt:[2]')]), null);
});

test('a path that is a link means the file behind it', async () => {
  const links = { '/usr/bin/edr': agent };
  assert.equal(await runs([running('12', agent, 'disk:7')], { links }, '/usr/bin/edr'), true);
});

test('a process of somebody else that cannot be seen may be it: null, and never false', async () => {
  const hidden = { rawLinks: { '/proc/12/exe': refused }, dirs: ['12'] };
  assert.equal(await runs([hidden], { files: { '/proc/12/stat': '12 (a b) c) S 1 12 12 0 -1 4194560 1 2\n' } }), null);
  assert.equal(await runs([hidden], { files: { '/proc/12/stat': refused } }), null);
  assert.equal(await runs([hidden, running('13', agent, 'disk:7')]), true);
});

test('threads of the kernel run no file and hide nothing', async () => {
  const hidden = { rawLinks: { '/proc/2/exe': refused }, dirs: ['2'] };
  const files = { '/proc/2/stat': '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0\n' };
  assert.equal(await runs([hidden], { files }), false);
});

test('with hidepid the others are not listed, and absence proves nothing', async () => {
  const system = recordedSystem({
    platform: 'linux',
    dirs: { '/proc': ['12'] },
    rawLinks: { '/proc/12/exe': '/bin/sh' },
  });
  const finding = await readLinux(system, { targets: [agent], identifierKey: null });
  assert.equal(valueOf(finding, processes).processes[0]?.running, null);
});

test('without /proc nothing is known', async () => {
  const finding = await readLinux(recordedSystem({ platform: 'linux' }), { targets: [agent], identifierKey: null });
  assert.equal(reasonOf(finding), 'no-data');
});

test('whatever stands in /proc, it never throws and never says true of what does not run', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), fc.constantFrom('read', 'refused'), async (target, stat, outcome) => {
      fc.pre(!target.startsWith(agent));
      const link = outcome === 'read' ? target : refused;
      const answer = await runs([{ rawLinks: { '/proc/12/exe': link }, dirs: ['12'] }], {
        files: { '/proc/12/stat': stat },
      });
      assert.notEqual(answer, true);
    }),
  );
});
