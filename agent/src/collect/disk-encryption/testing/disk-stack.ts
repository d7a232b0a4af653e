import type { Recording } from '../../testing/recorded-system.ts';
import { mountinfo, recordedDisks, type RecordedDevice } from './recorded-disks.ts';

type MountLine = Parameters<typeof mountinfo>[number];

/** Builds a machine from its disks upwards. Each call answers the name of the device that it made. */
export class DiskStack {
  readonly devices: Record<string, RecordedDevice> = {};
  readonly #mounts: MountLine[] = [];
  readonly #links: Record<string, string> = {};
  readonly #files: Record<string, string> = {};
  #swaps = 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n';
  #disks = 0;
  #mapped = 0;
  #arrays = 0;
  #loops = 0;
  #pools = 0;

  disk(options: { usb?: boolean; removable?: boolean } = {}): string {
    const name = `sd${String.fromCharCode(97 + this.#disks)}`;
    this.devices[name] = { number: `8:${this.#disks * 16}`, ...options };
    this.#disks += 1;
    return name;
  }

  partition(disk: string): string {
    const count = Object.values(this.devices).filter(({ partitionOf }) => partitionOf === disk).length + 1;
    const name = `${disk}${/\d$/.test(disk) ? 'p' : ''}${count}`;
    this.devices[name] = { number: `259:${Object.keys(this.devices).length}`, partitionOf: disk };
    return name;
  }

  /** A device-mapper device with what cryptsetup or LVM writes into its uuid. */
  mapped(kind: string, ...on: string[]): string {
    const name = `dm-${this.#mapped}`;
    this.devices[name] = { number: `253:${this.#mapped}`, uuid: `${kind}-0123456789abcdef-x${this.#mapped}`, on };
    this.#mapped += 1;
    return name;
  }

  luks(on: string, kind: 'LUKS1' | 'LUKS2' | 'PLAIN' | 'TCRYPT' | 'BITLK' = 'LUKS2'): string {
    return this.mapped(`CRYPT-${kind}`, on);
  }

  verity(on: string): string {
    return this.mapped('CRYPT-VERITY', on);
  }

  integrity(on: string): string {
    return this.mapped('CRYPT-INTEGRITY', on);
  }

  /** A logical volume that lies on these physical volumes. */
  lvm(...on: string[]): string {
    return this.mapped('LVM', ...on);
  }

  raid(...on: string[]): string {
    const name = `md${this.#arrays}`;
    this.devices[name] = { number: `9:${this.#arrays}`, on };
    this.#arrays += 1;
    return name;
  }

  loop(): string {
    const name = `loop${this.#loops}`;
    this.devices[name] = { number: `7:${this.#loops}` };
    this.#loops += 1;
    return name;
  }

  mount(point: string, device: string, type = 'ext4', mode: 'ro' | 'rw' = 'rw'): this {
    this.#mounts.push([point, this.devices[device]?.number ?? '0:99', type, `/dev/${device}`, mode]);
    return this;
  }

  /** A file system of several devices, with subvolumes on these points. The mount names the first device only. */
  btrfs(points: readonly string[], ...devices: string[]): this {
    const number = `0:${40 + this.#pools}`;
    this.#pools += 1;
    for (const point of points) this.#mounts.push([point, number, 'btrfs', `/dev/${devices[0] ?? ''}`]);
    for (const device of devices)
      this.#links[`/sys/fs/btrfs/uuid-${this.#pools}/devices/${device}`] = `/sys/class/block/${device}`;
    return this;
  }

  /** A mount without a block device: a share, memory, an encrypted folder. */
  mountOther(point: string, type: string, source: string): this {
    this.#mounts.push([point, '0:90', type, source]);
    return this;
  }

  swap(device: string): this {
    this.#swaps += `/dev/${device}                               partition\t8388604\t0\t-2\n`;
    return this;
  }

  swapFile(path: string): this {
    this.#swaps += `${path}                               file\t\t8388604\t0\t-2\n`;
    return this;
  }

  zramSwap(backing?: string): this {
    this.#swaps += '/dev/zram0                              partition\t4194300\t0\t100\n';
    if (backing !== undefined) this.#files['/sys/block/zram0/backing_dev'] = `${backing}\n`;
    return this;
  }

  recording(): Required<Pick<Recording, 'files' | 'links' | 'dirs'>> {
    const { files, links, dirs } = recordedDisks(this.devices);
    const own = { '/proc/self/mountinfo': mountinfo(...this.#mounts), '/proc/swaps': this.#swaps };
    return { files: { ...files, ...own, ...this.#files }, links: { ...links, ...this.#links }, dirs };
  }

  /** The column TYPE of lsblk for every device there is, as other agents read it. */
  lsblkTypes(): string[] {
    return Object.entries(this.devices).map(([name, { uuid, partitionOf }]) => {
      if (uuid?.startsWith('CRYPT-') === true) return 'crypt';
      if (uuid?.startsWith('LVM-') === true) return 'lvm';
      if (partitionOf !== undefined) return 'part';
      return /^loop\d/.test(name) ? 'loop' : /^md\d/.test(name) ? 'raid1' : 'disk';
    });
  }
}
