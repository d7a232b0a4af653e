import { diskEncryptionCollector } from '../../../disk-encryption/index.ts';
import { DiskStack } from '../../../disk-encryption/testing/disk-stack.ts';
import type { System } from '../../../system.ts';
import { everyWindows, fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('disk-encryption');

function linux(build: (stack: DiskStack, disk: string) => DiskStack): System {
  const stack = new DiskStack();
  return onLinux(build(stack, stack.disk()).recording());
}

/** Volumes beside the startup volume, by the recorded answers of diskutil. */
function mac(fileVault: string, volumes: Record<string, string> = {}): System {
  const names = Object.keys(volumes);
  return onMac({
    links: { '/Volumes/Macintosh HD': '/' },
    dirs: { '/': ['System'], '/Volumes': ['Macintosh HD', ...names] },
    commands: {
      '/usr/bin/fdesetup status': fixture(`macos-${fileVault}.txt`),
      ...Object.fromEntries(
        names.map((name) => [
          `/usr/sbin/diskutil info -plist /Volumes/${name}`,
          fixture(`macos-15-volume-${volumes[name]}.plist.txt`),
        ]),
      ),
    },
  });
}

export const diskEncryptionScenes = scenesOf(diskEncryptionCollector, {
  'LUKS with swap': linux((stack, disk) => {
    const boot = stack.partition(disk);
    const luks = stack.luks(stack.partition(disk));
    const swap = stack.lvm(luks);
    return stack.mount('/', stack.lvm(luks)).mount('/boot', boot).swap(swap);
  }),
  'LUKS, plain swap': linux((stack, disk) => {
    const swap = stack.partition(disk);
    return stack.mount('/', stack.luks(stack.partition(disk))).swap(swap);
  }),
  'LUKS, plain data': linux((stack, disk) => {
    const data = stack.partition(disk);
    return stack
      .mount('/', stack.luks(stack.partition(disk), 'LUKS1'))
      .mount('/srv', data)
      .zramSwap();
  }),
  plain: linux((stack, disk) => {
    const swap = stack.partition(disk);
    return stack.mount('/', stack.partition(disk)).swap(swap);
  }),
  'LVM over LUKS on RAID with one plain leg': linux((stack, disk) => {
    const mirror = stack.raid(stack.luks(stack.partition(disk)), stack.partition(stack.disk()));
    return stack.mount('/', stack.lvm(mirror));
  }),
  'RAID of LUKS': linux((stack, disk) =>
    stack.mount('/', stack.lvm(stack.raid(stack.luks(disk), stack.luks(stack.disk())))),
  ),
  'btrfs, one device plain': linux((stack, disk) => stack.btrfs(['/', '/home'], stack.luks(disk), stack.disk())),
  'btrfs, both encrypted': linux((stack, disk) =>
    stack.btrfs(['/', '/home'], stack.luks(disk), stack.luks(stack.disk())),
  ),
  'encrypted home alone': linux((stack, disk) => {
    const home = stack.luks(stack.partition(disk));
    return stack.mount('/', stack.partition(disk)).mount('/home', home);
  }),
  'a loop device that is encrypted': linux((stack, disk) => {
    const vault = stack.luks(stack.loop());
    return stack.mount('/', stack.partition(disk)).mount('/home/ada/vault', vault);
  }),
  'a plain stick beside it': linux((stack, disk) => {
    const stick = stack.partition(stack.disk({ usb: true }));
    return stack.mount('/', stack.luks(disk)).mount('/media/stick', stick, 'vfat').swapFile('/swapfile');
  }),
  'FileVault on': mac('15-on'),
  'FileVault on, other volumes': mac('15-on', { Work: 'encrypted', Stick: 'usb', Share: 'share', Image: 'image' }),
  'FileVault on, a plain volume': mac('15-on', { Data: 'plain', Work: 'encrypted' }),
  'FileVault on, two keys': mac('26-institutional-key'),
  'FileVault off': mac('14-off'),
  'FileVault decrypting': mac('14-decrypting'),
  'FileVault encrypting': mac('13-encrypting'),
  'FileVault deferred': mac('13-deferred'),
  'FileVault after a restart': mac('13-after-restart'),
  ...everyWindows('disk-encryption'),
});
