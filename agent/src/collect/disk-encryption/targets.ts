import { dataFolderOf } from '../../data-folder.ts';
import type { System } from '../system.ts';
import { disksBelow, isExternal } from './block-device.ts';
import { devicesOf, pooled } from './file-system-devices.ts';
import { mountOf, type Mount } from './mountinfo.ts';

/** What firmware and boot loader must read before anybody can unlock anything. Only these points, not mounts below them. */
const bootPoints = new Set(['/boot', '/boot/efi', '/boot/firmware', '/efi']);
/** Images that hold nothing of the user's. */
const imageTypes = new Set(['squashfs', 'erofs', 'iso9660', 'udf', 'cramfs']);

/** A volume that is looked at, by the most telling of its mounts. */
export interface Target {
  mount: Mount;
  isSystem: boolean;
}

/**
 * The volumes that keep what is written on this machine: fixed and writable ones, each once. The system's own,
 * the home folder's and the one with the agent's key count in any case. No system volume: `/` is not on a disk.
 */
export async function chooseTargets(system: System, mounts: readonly Mount[]): Promise<Target[]> {
  const root = systemMount(mounts);
  const rootDisks = new Set(root && (await disksOf(system, root)));
  const always = [root, mountOf(system.home, mounts), mountOf(dataFolderOf(system), mounts)];

  const targets: Target[] = [];
  for (const [key, group] of byVolume(mounts)) {
    const isSystem = root !== undefined && key === volumeOf(root);
    const named = always.find((mount) => mount !== undefined && key === volumeOf(mount));
    const counted = group.filter(({ mountPoint }) => !bootPoints.has(mountPoint)).toSorted(byDepth);
    const mount = isSystem ? root : (counted[0] ?? named);
    if (mount === undefined) continue;
    if (isSystem || named !== undefined || (mount.writable && (await isFixed(system, mount, rootDisks)))) {
      targets.push({ mount, isSystem });
    }
  }
  return targets.toSorted((left, right) => Number(right.isSystem) - Number(left.isSystem));
}

/** The root of an image-based system is an overlay; its disk is then mounted on /sysroot. */
function systemMount(mounts: readonly Mount[]): Mount | undefined {
  for (const point of ['/', '/sysroot']) {
    const mount = mounts.findLast(({ mountPoint }) => mountPoint === point);
    if (mount !== undefined && isOnDisk(mount)) return mount;
  }
  return undefined;
}

function isOnDisk({ device, fsType }: Mount): boolean {
  return pooled.has(fsType) || (!device.startsWith('0:') && !imageTypes.has(fsType));
}

function byVolume(mounts: readonly Mount[]): Map<string, Mount[]> {
  return Map.groupBy(mounts.filter(isOnDisk), volumeOf);
}

/** ZFS encrypts by dataset; elsewhere one device number is one file system, however often it is mounted. */
function volumeOf({ device, fsType, source }: Mount): string {
  return fsType === 'zfs' ? `zfs ${source}` : device;
}

function byDepth(left: Mount, right: Mount): number {
  return left.mountPoint.length - right.mountPoint.length || (left.mountPoint < right.mountPoint ? -1 : 1);
}

async function isFixed(system: System, mount: Mount, rootDisks: ReadonlySet<string>): Promise<boolean> {
  const disks = await disksOf(system, mount);
  // A disk that the system itself runs from is not one that is plugged in now and then.
  if (disks.length === 0 || disks.some((disk) => rootDisks.has(disk))) return true;
  const external = await Promise.all(disks.map((disk) => isExternal(system, disk)));
  return !external.every(Boolean);
}

async function disksOf(system: System, mount: Mount): Promise<string[]> {
  const disks: string[] = [];
  for (const device of await devicesOf(system, mount)) {
    if (device !== undefined) disks.push(...(await disksBelow(system, device)));
  }
  return disks;
}
