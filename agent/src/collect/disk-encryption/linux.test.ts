import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskEncryption } from '@postern/shared/checks/disk-encryption';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';
import { mountinfo, recordedDisks, type RecordedDevice } from './testing/recorded-disks.ts';

const noSwap = 'Filename\tType\tSize\tUsed\tPriority\n';
const luks2 = 'CRYPT-LUKS2-0123456789abcdef-root';

interface Machine extends Omit<Recording, 'platform'> {
  devices: Record<string, RecordedDevice>;
  mounts: string;
  swaps?: string;
}

function read({ devices, mounts, swaps = '', ...rest }: Machine) {
  const { files, links, dirs } = recordedDisks(devices);
  return readLinux(
    recordedSystem({
      ...rest,
      platform: 'linux',
      files: { ...files, '/proc/self/mountinfo': mounts, '/proc/swaps': noSwap + swaps, ...rest.files },
      links: { ...links, ...rest.links },
      dirs: { ...dirs, ...rest.dirs },
    }),
  );
}
const valueFor = async (machine: Machine) => valueOf(await read(machine), diskEncryption);
const stateOf = async (machine: Machine) => (await valueFor(machine)).state;

/** A laptop as an installer leaves it: boot partitions, and LVM with root and swap inside one LUKS partition. */
const laptop: Record<string, RecordedDevice> = {
  nvme0n1: { number: '259:0' },
  nvme0n1p1: { number: '259:1', partitionOf: 'nvme0n1' },
  nvme0n1p2: { number: '259:2', partitionOf: 'nvme0n1' },
  nvme0n1p3: { number: '259:3', partitionOf: 'nvme0n1' },
  'dm-0': { number: '253:0', uuid: luks2, on: ['nvme0n1p3'] },
  'dm-1': { number: '253:1', uuid: 'LVM-root', on: ['dm-0'] },
  'dm-2': { number: '253:2', uuid: 'LVM-swap', on: ['dm-0'] },
};
const laptopMounts = mountinfo(
  ['/', '253:1', 'ext4', '/dev/mapper/vg-root'],
  ['/proc', '0:5', 'proc', 'proc'],
  ['/run', '0:24', 'tmpfs', 'tmpfs'],
  ['/boot', '259:2', 'ext4', '/dev/nvme0n1p2'],
  ['/boot/efi', '259:1', 'vfat', '/dev/nvme0n1p1'],
  ['/snap/core/1', '7:0', 'squashfs', '/dev/loop0', 'ro'],
  ['/mnt/share', '0:60', 'nfs4', 'server:/share'],
);
const laptopSwap = '/dev/dm-2 partition 8388604 0 -2\n';

test('full: LVM in LUKS, with boot partitions, a snap and a share that do not count', async () => {
  const value = await valueFor({ devices: laptop, mounts: laptopMounts, swaps: laptopSwap });
  assert.deepEqual(value, {
    state: 'full',
    volumes: [
      { mount: '/', encrypted: true, method: 'luks2' },
      { mount: 'swap /dev/dm-2', encrypted: true, method: 'luks2' },
    ],
  });
});

for (const [kind, method] of Object.entries({
  LUKS1: 'luks1',
  PLAIN: 'dm-crypt',
  BITLK: 'bitlocker',
  TCRYPT: 'veracrypt',
})) {
  test(`full: CRYPT-${kind} encrypts`, async () => {
    const devices = { sda: { number: '8:0' }, 'dm-0': { number: '253:0', uuid: `CRYPT-${kind}-root`, on: ['sda'] } };
    const value = await valueFor({ devices, mounts: mountinfo(['/', '253:0', 'ext4', '/dev/dm-0']) });
    assert.deepEqual(value.volumes, [{ mount: '/', encrypted: true, method }]);
    assert.equal(value.state, 'full');
  });
}

for (const kind of ['VERITY', 'INTEGRITY', 'LUKS3', 'SUBDEV']) {
  test(`none: CRYPT-${kind} is not encryption`, async () => {
    const devices = { sda: { number: '8:0' }, 'dm-0': { number: '253:0', uuid: `CRYPT-${kind}-root`, on: ['sda'] } };
    assert.equal(await stateOf({ devices, mounts: mountinfo(['/', '253:0', 'ext4', '/dev/dm-0']) }), 'none');
  });
}

test('unknown: a list of mounts that is cut off or spoilt may lack a plain volume', async () => {
  const spoilt = [
    laptopMounts.slice(0, -20),
    laptopMounts.trimEnd(),
    `${laptopMounts}36 1 8:\ufffd / /srv rw - ext4 /dev/sdb rw\n`,
    `${laptopMounts}<html>\n`,
    '',
  ];
  for (const mounts of spoilt) assert.equal(reasonOf(await read({ devices: laptop, mounts })), 'output-unreadable');
});

test('enabled, not full: swap whose list is cut off, in another form or not told', async () => {
  const machine = { devices: laptop, mounts: laptopMounts };
  for (const swaps of [
    '/dev/sda1 partition 83',
    'some swap on /dev/sda1\n',
    '\0/\0d\0e\0v\0\n',
    '/dev/sda1\tpartition\tNaN\t0\t-2\n',
  ]) {
    assert.equal(await stateOf({ ...machine, swaps }), 'enabled', swaps);
  }
  const ranTogether = `${noSwap.trimEnd()}\ufffd/dev/sda1\tpartition\t8\t0\t-2\n`;
  for (const text of ['', '<html>\n', 'Filename\tTy', ranTogether, { outcome: 'refused' } as const]) {
    assert.equal(await stateOf({ ...machine, files: { '/proc/swaps': text } }), 'enabled', JSON.stringify(text));
  }
});

test('none: one encrypted loop device does not make the disk encrypted', async () => {
  const devices: Record<string, RecordedDevice> = {
    sda: { number: '8:0' },
    sda1: { number: '8:1', partitionOf: 'sda' },
    loop7: { number: '7:7' },
    'dm-0': { number: '253:0', uuid: luks2, on: ['loop7'] },
  };
  const mounts = mountinfo(
    ['/', '8:1', 'ext4', '/dev/sda1'],
    ['/home/ada/vault', '253:0', 'ext4', '/dev/mapper/vault'],
  );
  assert.deepEqual((await valueFor({ devices, mounts })).volumes, [{ mount: '/', encrypted: false, method: null }]);
});

test('none: an encrypted USB disk does not make the machine encrypted; full: a plain one does not spoil it', async () => {
  const stick: Record<string, RecordedDevice> = {
    sdb: { number: '8:16', usb: true },
    sdb1: { number: '8:17', partitionOf: 'sdb' },
    'dm-9': { number: '253:9', uuid: luks2, on: ['sdb1'] },
    sdc: { number: '8:32', removable: true },
    mmcblk0: { number: '179:0' },
  };
  const plain = { sda: { number: '8:0' }, ...stick };
  const backup = mountinfo(['/', '8:0', 'ext4', '/dev/sda'], ['/media/backup', '253:9', 'ext4', '/dev/dm-9']);
  assert.equal(await stateOf({ devices: plain, mounts: backup }), 'none');

  const plugged = mountinfo(
    ['/media/stick', '8:17', 'vfat', '/dev/sdb1'],
    ['/media/other', '8:32', 'vfat', '/dev/sdc'],
    ['/media/card', '179:0', 'exfat', '/dev/mmcblk0'],
  );
  const files = { '/sys/devices/pci0000:00/0000:00:17.0/block/mmcblk0/device/type': 'SD\n' };
  assert.equal(await stateOf({ devices: { ...laptop, ...stick }, mounts: laptopMounts + plugged, files }), 'full');
});

test('a system that runs from a USB disk is judged by it, with all its partitions', async () => {
  const devices: Record<string, RecordedDevice> = {
    sdb: { number: '8:16', usb: true },
    sdb1: { number: '8:17', partitionOf: 'sdb' },
    sdb2: { number: '8:18', partitionOf: 'sdb' },
    'dm-0': { number: '253:0', uuid: luks2, on: ['sdb1'] },
  };
  const mounts = mountinfo(['/', '253:0', 'ext4', '/dev/dm-0'], ['/srv', '8:18', 'ext4', '/dev/sdb2']);
  assert.equal(await stateOf({ devices, mounts }), 'partial');
});

test('none: LVM over one LUKS and one plain disk is plain, and so is a mirror of them', async () => {
  const devices: Record<string, RecordedDevice> = {
    sda: { number: '8:0' },
    sdb: { number: '8:16' },
    'dm-0': { number: '253:0', uuid: luks2, on: ['sda'] },
    'dm-1': { number: '253:1', uuid: 'LVM-root', on: ['dm-0', 'sdb'] },
    md0: { number: '9:0', on: ['sdb', 'dm-0'] },
    md0p1: { number: '259:9', partitionOf: 'md0' },
  };
  assert.equal(await stateOf({ devices, mounts: mountinfo(['/', '253:1', 'ext4', '/dev/dm-1']) }), 'none');
  assert.equal(await stateOf({ devices, mounts: mountinfo(['/', '259:9', 'ext4', '/dev/md0p1']) }), 'none');
});

test('full: a partition of an array of encrypted disks', async () => {
  const devices: Record<string, RecordedDevice> = {
    sda: { number: '8:0' },
    sdb: { number: '8:16' },
    'dm-0': { number: '253:0', uuid: luks2, on: ['sda'] },
    'dm-1': { number: '253:1', uuid: 'CRYPT-LUKS1-x', on: ['sdb'] },
    md0: { number: '9:0', on: ['dm-0', 'dm-1'] },
    md0p1: { number: '259:9', partitionOf: 'md0' },
  };
  const value = await valueFor({ devices, mounts: mountinfo(['/', '259:9', 'xfs', '/dev/md0p1']) });
  assert.deepEqual(value.volumes, [{ mount: '/', encrypted: true, method: 'luks2+luks1' }]);
});

test('partial: a plain /home, a plain data disk below /boot, a plain swap partition', async () => {
  const devices = { ...laptop, sda: { number: '8:0' }, sda1: { number: '8:1', partitionOf: 'sda' } };
  const disk = (point: string) => laptopMounts + mountinfo([point, '8:1', 'ext4', '/dev/sda1']);
  assert.equal(await stateOf({ devices, mounts: disk('/home') }), 'partial');
  assert.equal(await stateOf({ devices, mounts: disk('/boot/data') }), 'partial');
  assert.equal(await stateOf({ devices, mounts: laptopMounts, swaps: '/dev/sda1 partition 1 0 -2\n' }), 'partial');
});

test('a disk that is only read is left out, but not the one with the home folder or the agent’s key', async () => {
  const devices = { ...laptop, sda: { number: '8:0' } };
  const at = (point: string) => laptopMounts + mountinfo([point, '8:0', 'ext4', '/dev/sda', 'ro']);
  assert.equal(await stateOf({ devices, mounts: at('/archive') }), 'full');
  assert.equal(await stateOf({ devices, mounts: at('/home/ada') }), 'partial');
  const env = { POSTERN_AGENT_DATA: '/archive/agent' };
  assert.equal(await stateOf({ devices, mounts: at('/archive'), env }), 'partial');
});

test('swap: compressed memory is no disk, and a file is kept as its volume is', async () => {
  const zram = '/dev/zram0 partition 4194300 0 100\n';
  assert.equal(
    await stateOf({ devices: laptop, mounts: laptopMounts, swaps: `${zram}/swap\\040file file 1 0 -2\n` }),
    'full',
  );
  const devices = { ...laptop, sda: { number: '8:0', removable: true } };
  const mounts = laptopMounts + mountinfo(['/media/x', '8:0', 'ext4', '/dev/sda']);
  const value = await valueFor({ devices, mounts, swaps: '/media/x/swapfile file 1 0 -2\n' });
  assert.equal(value.state, 'partial');
  assert.equal(value.volumes[1]?.mount, 'swap /media/x/swapfile');
});

test('enabled: the system is encrypted and something else could not be looked at', async () => {
  const mounts = laptopMounts + mountinfo(['/data', '8:99', 'ext4', '/dev/sdz']);
  assert.equal(await stateOf({ devices: laptop, mounts }), 'enabled');
  assert.equal(await stateOf({ devices: laptop, mounts: laptopMounts, files: { '/proc/swaps': refused } }), 'enabled');
});

test('unknown: the system volume cannot be followed, is no disk, or mounts cannot be read', async () => {
  const lost = mountinfo(['/', '253:1', 'ext4', '/dev/dm-1']);
  assert.equal(reasonOf(await read({ devices: {}, mounts: lost })), 'no-data');
  assert.equal(
    reasonOf(await read({ devices: {}, mounts: mountinfo(['/', '0:30', 'nfs4', 'server:/root']) })),
    'no-data',
  );
  assert.equal(reasonOf(await read({ devices: {}, mounts: '' })), 'output-unreadable');
  assert.equal(
    reasonOf(await readLinux(recordedSystem({ platform: 'linux', files: { '/proc/self/mountinfo': refused } }))),
    'permission-denied',
  );
});

test('devices in a circle end, and are not taken for encrypted', async () => {
  const devices: Record<string, RecordedDevice> = {
    'dm-0': { number: '253:0', uuid: 'LVM-a', on: ['dm-1'] },
    'dm-1': { number: '253:1', uuid: 'LVM-b', on: ['dm-0', 'dm-2'] },
    'dm-2': { number: '253:2', uuid: luks2, on: ['dm-2'] },
  };
  assert.equal(reasonOf(await read({ devices, mounts: mountinfo(['/', '253:0', 'ext4', '/dev/dm-0']) })), 'no-data');
});

test('btrfs: every device of the file system counts, though the mount names one', async () => {
  const devices: Record<string, RecordedDevice> = {
    sda: { number: '8:0' },
    'dm-0': { number: '253:0', uuid: luks2, on: ['sda'] },
    sdb: { number: '8:16' },
  };
  const mounts = mountinfo(['/', '0:35', 'btrfs', '/dev/mapper/luks'], ['/home', '0:35', 'btrfs', '/dev/mapper/luks']);
  const pool = (names: string[]) => ({
    '/dev/mapper/luks': '../dm-0',
    ...Object.fromEntries(names.map((name) => [`/sys/fs/btrfs/0b0e/devices/${name}`, `/sys/class/block/${name}`])),
  });
  const only = await valueFor({ devices, mounts, links: pool(['dm-0']) });
  assert.deepEqual(only, { state: 'full', volumes: [{ mount: '/', encrypted: true, method: 'luks2' }] });
  assert.equal(await stateOf({ devices, mounts, links: pool(['dm-0', 'sdb']) }), 'none');
  assert.equal(reasonOf(await read({ devices, mounts })), 'no-data');
});

test('zfs: its own encryption counts, and without it the disks below', async () => {
  const devices: Record<string, RecordedDevice> = {
    sda: { number: '8:0' },
    'dm-0': { number: '253:0', uuid: luks2, on: ['sda'] },
  };
  const mounts = mountinfo(['/', '0:30', 'zfs', 'rpool/ROOT/debian']);
  const get = '/usr/sbin/zfs get -H -o value encryption,keystatus rpool/ROOT/debian';
  const list = '/usr/sbin/zpool list -v -H -P -L rpool';
  const pool = (disk: string) => ({ [get]: 'off\n-\n', [list]: `rpool\t9G\t1G\n\t${disk}\t9G\t1G\n` });
  const own = await valueFor({ devices, mounts, commands: { [get]: 'aes-256-gcm\navailable\n' } });
  assert.deepEqual(own.volumes, [{ mount: '/', encrypted: true, method: 'zfs' }]);
  assert.equal(await stateOf({ devices, mounts, commands: pool('/dev/dm-0') }), 'full');
  assert.equal(await stateOf({ devices, mounts, commands: pool('/dev/sda') }), 'none');
  assert.equal(reasonOf(await read({ devices, mounts })), 'no-data');
});

test('an encrypted home folder is shown and never makes a machine encrypted', async () => {
  const devices = { sda: { number: '8:0' } };
  const mounts = mountinfo(['/', '8:0', 'ext4', '/dev/sda'], ['/home/ada', '0:44', 'ecryptfs', '/home/.ecryptfs/ada']);
  const value = await valueFor({ devices, mounts });
  assert.equal(value.state, 'none');
  assert.deepEqual(value.volumes[1], { mount: '/home/ada', encrypted: true, method: 'ecryptfs' });
});

test('an image-based system is judged by the disk below its overlay', async () => {
  const mounts = mountinfo(
    ['/', '0:33', 'overlay', 'composefs', 'ro'],
    ['/sysroot', '253:1', 'ext4', '/dev/dm-1', 'ro'],
  );
  assert.equal(await stateOf({ devices: laptop, mounts }), 'full');
});

test('containers and WSL see the disks of their host, and say nothing about them', async () => {
  const overlay = mountinfo(['/', '0:50', 'overlay', 'overlay']);
  for (const machine of [
    { devices: laptop, mounts: overlay, files: { '/.dockerenv': '' } },
    { devices: laptop, mounts: laptopMounts, files: { '/run/.containerenv': '' } },
    {
      devices: laptop,
      mounts: laptopMounts,
      files: { '/proc/sys/kernel/osrelease': '5.15.153.1-microsoft-standard-WSL2\n' },
    },
  ]) {
    const finding = await read(machine);
    assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
  }
});

test('a mount point with characters that no reading may hold is shown without them', async () => {
  const devices = { ...laptop, sda: { number: '8:0' } };
  const mounts = laptopMounts + mountinfo(['/mnt/a\\012\\033b', '8:0', 'ext4', '/dev/sda']);
  assert.equal((await valueFor({ devices, mounts })).volumes[1]?.mount, '/mnt/a??b');
});
