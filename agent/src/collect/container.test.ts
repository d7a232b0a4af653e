import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEnclosure } from './container.ts';
import { recordedSystem, refused, type Recording } from './testing/recorded-system.ts';

const find = (recording: Omit<Recording, 'platform'>) =>
  findEnclosure(recordedSystem({ platform: 'linux', ...recording }));
const root = (device: string, type: string, options = 'rw') => ({
  '/proc/self/mountinfo': `27 1 ${device} / / rw,relatime - ${type} source ${options}\n`,
});
const onDisk = root('254:0', 'ext4');

const machines: [name: string, recording: Omit<Recording, 'platform'>][] = [
  ['a machine', { files: { ...onDisk, '/proc/1/cgroup': '0::/init.scope\n' } }],
  ['a virtual machine whose disk was made of an image of Docker', { files: { ...onDisk, '/.dockerenv': '' } }],
  ['a machine that runs Docker', { files: { ...onDisk, '/proc/1/cgroup': '0::/system.slice/docker.service\n' } }],
  [
    'a machine with an image as its root',
    { files: root('0:33', 'overlay', 'ro,lowerdir=/run/ostree/.private/cfsroot-lower') },
  ],
  ['a kernel of Microsoft’s competitors', { files: { '/proc/sys/kernel/osrelease': '6.8.0-45-generic\n' } }],
  ['a machine where somebody says that it is WSL', { files: onDisk, env: { WSL_INTEROP: '/run/WSL/11_interop' } }],
  ['nothing at all', {}],
];
for (const [name, recording] of machines) {
  test(`no container: ${name}`, async () => assert.equal(await find(recording), undefined));
}

const enclosures: [name: string, kind: string, recording: Omit<Recording, 'platform'>][] = [
  ['Podman', 'container', { files: { ...onDisk, '/run/.containerenv': '' } }],
  ['Podman whose note is hidden', 'container', { files: { '/run/.containerenv': refused } }],
  ['Docker on an overlay', 'container', { files: { ...root('0:50', 'overlay'), '/.dockerenv': '' } }],
  ['Docker by its layers', 'container', { files: root('0:50', 'overlay', 'rw,lowerdir=/var/lib/docker/overlay2/l/A') }],
  ['Kubernetes', 'container', { files: { '/proc/1/cgroup': '0::/kubepods/besteffort/pod1/abc\n' } }],
  ['LXC, old control groups', 'container', { files: { '/proc/1/cgroup': '4:memory:/lxc/web1\n' } }],
  ['systemd-nspawn', 'container', { files: { '/run/systemd/container': 'systemd-nspawn' } }],
  ['WSL 2', 'wsl', { files: { ...onDisk, '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n' } }],
  ['WSL 1', 'wsl', { files: { '/proc/sys/kernel/osrelease': '4.4.0-19041-Microsoft\n' } }],
  ['WSL with another kernel', 'wsl', { files: onDisk, dirs: { '/run/WSL': ['11_interop'] } }],
];
for (const [name, kind, recording] of enclosures) {
  test(`${kind}: ${name}`, async () => assert.equal((await find(recording))?.kind, kind));
}

test('other systems are not looked at', async () => {
  const system = recordedSystem({ platform: 'macos', files: { '/.dockerenv': '' } });
  assert.equal(await findEnclosure(system), undefined);
});
