import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskEncryption } from '@postern/shared/checks/disk-encryption';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';
import { DiskStack } from './testing/disk-stack.ts';

const read = (stack: DiskStack, more: Omit<Recording, 'platform'> = {}) => {
  const { files, links, dirs } = stack.recording();
  return readLinux(
    recordedSystem({
      platform: 'linux',
      ...more,
      files: { ...files, ...more.files },
      links: { ...links, ...more.links },
      dirs: { ...dirs, ...more.dirs },
    }),
  );
};
const valueFor = async (stack: DiskStack, more?: Omit<Recording, 'platform'>) =>
  valueOf(await read(stack, more), diskEncryption);
const stateOf = async (stack: DiskStack, more?: Omit<Recording, 'platform'>) => (await valueFor(stack, more)).state;

/** "Some line of lsblk says crypt": Pareto, Stethoscope, early DefGuard. */
const anyCryptPasses = (stack: DiskStack) => stack.lsblkTypes().includes('crypt');
/** "No LUKS was found, so there is nothing to complain of": Comp. */
const noLuksPasses = (stack: DiskStack) => !stack.lsblkTypes().includes('crypt');

/** A plain disk with the system on it, to which the rest comes. */
const plainSystem = () => {
  const stack = new DiskStack();
  const root = stack.partition(stack.disk());
  return { stack: stack.mount('/', root), root };
};
const encryptedSystem = () => {
  const stack = new DiskStack();
  const root = stack.luks(stack.partition(stack.disk()));
  return { stack: stack.mount('/', root), root };
};

test('LUKS on LVM on RAID with one plain leg is plain, whatever lsblk shows', async () => {
  const stack = new DiskStack();
  const array = stack.raid(stack.partition(stack.disk()), stack.partition(stack.disk()));
  const inner = stack.luks(stack.lvm(array));
  const leg = stack.partition(stack.disk());
  stack.mount('/', stack.lvm(inner, leg));
  assert.equal(await stateOf(stack), 'none');
  assert.ok(anyCryptPasses(stack), 'the method that looks for one crypt line passes it');
});

test('LUKS on LVM on RAID, whole: full', async () => {
  const stack = new DiskStack();
  const array = stack.raid(stack.partition(stack.disk()), stack.partition(stack.disk()));
  stack.mount('/', stack.luks(stack.lvm(array)));
  assert.deepEqual(await valueFor(stack), {
    state: 'full',
    volumes: [{ mount: '/', encrypted: true, method: 'luks2' }],
  });
});

test('an array of one encrypted and one plain disk is plain (fleet#47256)', async () => {
  const stack = new DiskStack();
  stack.mount('/', stack.raid(stack.luks(stack.disk()), stack.disk()));
  assert.equal(await stateOf(stack), 'none');
  assert.ok(anyCryptPasses(stack));
});

test('a LUKS container in a file beside a plain system encrypts nothing (defguard#3116)', async () => {
  const { stack } = plainSystem();
  stack.mount('/home/ada/vault', stack.luks(stack.loop()));
  assert.equal(await stateOf(stack), 'none');
  assert.ok(anyCryptPasses(stack));
});

test('an encrypted USB stick beside a plain system encrypts nothing', async () => {
  const { stack } = plainSystem();
  stack.mount('/media/stick', stack.luks(stack.partition(stack.disk({ usb: true }))));
  assert.deepEqual(await valueFor(stack), { state: 'none', volumes: [{ mount: '/', encrypted: false, method: null }] });
  assert.ok(anyCryptPasses(stack));
});

test('a plain USB stick beside an encrypted system spoils nothing', async () => {
  const { stack } = encryptedSystem();
  stack.mount('/media/stick', stack.partition(stack.disk({ usb: true })));
  assert.equal(await stateOf(stack), 'full');
});

test('an encrypted home beside a plain system is none, not partial and not full', async () => {
  const { stack } = plainSystem();
  stack.mount('/home', stack.luks(stack.partition(stack.disk())));
  const value = await valueFor(stack);
  assert.equal(value.state, 'none');
  assert.deepEqual(value.volumes[1], { mount: '/home', encrypted: true, method: 'luks2' });
  assert.ok(anyCryptPasses(stack));
});

test('a plain machine is none: that no LUKS was found is no pass', async () => {
  const { stack } = plainSystem();
  assert.equal(await stateOf(stack), 'none');
  assert.ok(noLuksPasses(stack), 'the method that complains of LUKS only passes it');
});

test('verity and integrity check what is read, and encrypt nothing, though lsblk calls both crypt', async () => {
  for (const kind of ['verity', 'integrity'] as const) {
    const stack = new DiskStack();
    stack.mount('/', stack[kind](stack.disk()));
    assert.equal(await stateOf(stack), 'none', kind);
    assert.ok(anyCryptPasses(stack));
  }
});

test('integrity below LUKS, and LUKS below verity, are as encrypted as LUKS is', async () => {
  const below = new DiskStack();
  below.mount('/', below.luks(below.integrity(below.disk())));
  assert.equal(await stateOf(below), 'full');
  const above = new DiskStack();
  above.mount('/', above.verity(above.luks(above.disk())));
  assert.equal(await stateOf(above), 'full');
});

test('a device that is just being encrypted, or decrypted, is not known', async () => {
  const stack = new DiskStack();
  const disk = stack.disk();
  const hotzone = stack.mapped('CRYPT-SUBDEV', disk);
  stack.mount('/', stack.mapped('CRYPT-LUKS2', hotzone, disk));
  const called = (name: string) => ({ files: { [`/sys/devices/virtual/block/${hotzone}/dm/name`]: `${name}\n` } });
  assert.equal(reasonOf(await read(stack, called('root-hotzone-forward'))), 'no-data');
  assert.equal(reasonOf(await read(stack)), 'no-data');
});

test('the checksums below authenticated encryption are no change that is under way', async () => {
  const stack = new DiskStack();
  const sums = stack.mapped('CRYPT-SUBDEV', stack.disk());
  stack.mount('/', stack.luks(sums));
  const files = { [`/sys/devices/virtual/block/${sums}/dm/name`]: 'root_dif\n' };
  assert.equal(await stateOf(stack, { files }), 'full');
});

test('btrfs over an encrypted and a plain device is plain on all its subvolumes', async () => {
  const stack = new DiskStack();
  stack.btrfs(['/', '/home'], stack.luks(stack.disk()), stack.disk());
  assert.equal(await stateOf(stack), 'none');
  const whole = new DiskStack();
  whole.btrfs(['/', '/home'], whole.luks(whole.disk()), whole.luks(whole.disk()));
  assert.equal(await stateOf(whole), 'full');
});

const zfsRoot = (commands: Record<string, string>) => {
  const stack = new DiskStack();
  const disk = stack.disk();
  const luks = stack.luks(stack.disk());
  return { stack: stack.mountOther('/', 'zfs', 'rpool/ROOT/debian'), disk, luks, commands };
};
const get = '/usr/sbin/zfs get -H -o value encryption,keystatus rpool/ROOT/debian';
const list = '/usr/sbin/zpool list -v -H -P -L rpool';
const pool = (...devices: string[]) =>
  `rpool\t928G\t1G\t927G\t-\t-\t0%\t0%\t1.00x\tONLINE\t/mnt\n${devices.map((device) => `\t/dev/${device}\t928G\t1G\t927G\t-\t-\t0%\t0.1%\t-\tONLINE\n`).join('')}`;

test('zfs: on, off, off on LUKS, and off with a plain cache', async () => {
  const on = zfsRoot({ [get]: 'aes-256-gcm\navailable\n' });
  assert.equal(await stateOf(on.stack, on), 'full');
  const off = zfsRoot({});
  const answer = (...devices: string[]) => ({ commands: { [get]: 'off\n-\n', [list]: pool(...devices) } });
  assert.equal(await stateOf(off.stack, answer(off.disk)), 'none');
  assert.equal(await stateOf(off.stack, answer(off.luks)), 'full');
  assert.equal(await stateOf(off.stack, answer(off.luks, off.disk)), 'none');
});

test('zfs: a dataset whose key is not loaded is encrypted, one that is not told is unknown', async () => {
  const locked = zfsRoot({ [get]: 'aes-256-gcm\nunavailable\n' });
  assert.equal(await stateOf(locked.stack, locked), 'full');
  for (const answer of ['', '-\n-\n', 'aes-256-gc', 'off', 'off\n-', '<html>\n-\n']) {
    const { stack, luks } = zfsRoot({});
    const commands = { [get]: answer, [list]: pool(luks) };
    assert.equal(reasonOf(await read(stack, { commands })), 'no-data', answer);
  }
});

test('zfs: a list of devices that is cut off is not taken for a whole one', async () => {
  const { stack, luks, disk } = zfsRoot({});
  const whole = pool(luks, disk);
  for (const cut of [whole.length - 1, whole.indexOf(disk) + 1]) {
    const commands = { [get]: 'off\n-\n', [list]: whole.slice(0, cut) };
    assert.equal(reasonOf(await read(stack, { commands })), 'no-data');
  }
});

test('swap in compressed memory reaches no disk; with a plain device behind it, it does', async () => {
  const { stack } = encryptedSystem();
  assert.equal(await stateOf(stack.zramSwap()), 'full');
  assert.equal(await stateOf(encryptedSystem().stack.zramSwap('none')), 'full');
  const backed = encryptedSystem().stack;
  const spill = backed.partition(backed.disk());
  assert.equal(await stateOf(backed.zramSwap(`/dev/${spill}`)), 'partial');
});

test('a plain swap partition beside an encrypted system is partial; a swap file is kept as its volume is', async () => {
  const { stack } = encryptedSystem();
  const swap = stack.partition(stack.disk());
  assert.equal(await stateOf(stack.swap(swap)), 'partial');
  assert.ok(anyCryptPasses(stack));
  assert.equal(await stateOf(encryptedSystem().stack.swapFile('/swapfile')), 'full');
});

test('the volume of the agent’s own key counts, even on a stick or read-only', async () => {
  const env = { POSTERN_AGENT_DATA: '/media/stick/agent' };
  const stick = () => {
    const { stack } = encryptedSystem();
    return stack.mount('/media/stick', stack.partition(stack.disk({ usb: true })));
  };
  assert.equal(await stateOf(stick(), { env }), 'partial');
  assert.equal(await stateOf(stick(), { env: { XDG_DATA_HOME: '/media/stick' } }), 'partial');
  assert.equal(await stateOf(stick()), 'full');
});

test('ecryptfs, fscrypt and systemd-homed are shown and make no machine encrypted', async () => {
  const mounted = plainSystem().stack.mountOther('/home/ada', 'ecryptfs', '/home/.ecryptfs/ada/.Private');
  const value = await valueFor(mounted);
  assert.deepEqual([value.state, value.volumes[1]?.method], ['none', 'ecryptfs']);

  const marked = await valueFor(plainSystem().stack, {
    dirs: { '/.fscrypt': ['policies'] },
    commands: { '/usr/bin/lsattr -d -- /home/ada': '--------------eE----- /home/ada\n' },
  });
  assert.deepEqual([marked.state, marked.volumes[1]?.method], ['none', 'fscrypt']);

  const { stack } = plainSystem();
  const homed = await valueFor(stack.mount('/home/ada', stack.luks(stack.loop())));
  assert.deepEqual([homed.state, homed.volumes[1]], ['none', { mount: '/home/ada', encrypted: true, method: 'luks2' }]);
});

test('fscrypt is not asked about where it was never set up, and a folder without the mark is not shown', async () => {
  const { files, links, dirs } = plainSystem().stack.recording();
  const system = recordedSystem({ platform: 'linux', files, links, dirs });
  await readLinux(system);
  assert.deepEqual(system.ran, []);
  const plain = await valueFor(plainSystem().stack, {
    dirs: { '/home/.fscrypt': [] },
    commands: { '/usr/bin/lsattr -d -- /home/ada': '--------------e------- /home/ada/Encrypted\n' },
  });
  assert.equal(plain.volumes.length, 1);
});

test('plain /boot and EFI partitions are needed to start and do not count', async () => {
  const { stack } = encryptedSystem();
  const disk = stack.disk();
  stack.mount('/boot', stack.partition(disk)).mount('/boot/efi', stack.partition(disk), 'vfat');
  assert.equal(await stateOf(stack), 'full');
});
