import type { Recording } from '../../testing/recorded-system.ts';

/** A block device as sysfs shows it. */
export interface RecordedDevice {
  /** `8:1` */
  number: string;
  /** The disk that this is a partition of. */
  partitionOf?: string;
  /** The devices that this one is made of. */
  on?: string[];
  /** dm/uuid of a device-mapper device. */
  uuid?: string;
  usb?: boolean;
  removable?: boolean;
}

/** The files and links of /sys and /dev for these devices, by name. */
export function recordedDisks(
  devices: Record<string, RecordedDevice>,
): Required<Pick<Recording, 'files' | 'links' | 'dirs'>> {
  const files: Record<string, string> = {};
  const links: Record<string, string> = {};
  const dirs: Record<string, string[]> = {};
  const folder = (name: string): string => {
    const { partitionOf, uuid, usb } = devices[name] ?? {};
    if (partitionOf !== undefined) return `${folder(partitionOf)}/${name}`;
    if (uuid !== undefined || /^(?:dm-|md|loop|zram)\d/.test(name)) return `/sys/devices/virtual/block/${name}`;
    return `/sys/devices/pci0000:00/${usb === true ? 'usb1/1-1' : '0000:00:17.0'}/block/${name}`;
  };
  for (const [name, { number, partitionOf, on = [], uuid, removable }] of Object.entries(devices)) {
    const path = folder(name);
    links[`/sys/dev/block/${number}`] = path;
    links[`/sys/class/block/${name}`] = path;
    files[`/dev/${name}`] = '';
    files[`${path}/dev`] = `${number}\n`;
    if (uuid !== undefined) files[`${path}/dm/uuid`] = `${uuid}\n`;
    if (partitionOf !== undefined) files[`${path}/partition`] = '1\n';
    else {
      dirs[`${path}/slaves`] = on;
      files[`${path}/removable`] = removable === true ? '1\n' : '0\n';
    }
    for (const lower of on) links[`${path}/slaves/${lower}`] = folder(lower);
  }
  return { files, links, dirs };
}

/** Lines of mountinfo: `['/', '253:0', 'ext4', '/dev/mapper/root']`, and `ro` for a file system that is read-only. */
export function mountinfo(
  ...mounts: [point: string, device: string, type: string, source: string, mode?: 'ro' | 'rw'][]
): string {
  return mounts
    .map(
      ([point, device, type, source, mode = 'rw'], index) =>
        `${index + 30} 1 ${device} / ${point} rw,relatime shared:${index} - ${type} ${source} ${mode},x=y\n`,
    )
    .join('');
}
