import type { diskEncryption } from '@postern/shared/checks/disk-encryption';
import type { z } from 'zod';
import { findEnclosure } from '../container.ts';
import { found, unknown, unread, unsupported, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { encryptedFolders } from './encrypted-folders.ts';
import { protectionOfMount } from './file-system-devices.ts';
import { isWholeMountinfo, parseMountinfo } from './mountinfo.ts';
import { shown } from './shown.ts';
import { readSwaps } from './swaps.ts';
import { chooseTargets } from './targets.ts';

type DiskEncryption = z.infer<typeof diskEncryption.value>;
type VolumeReading = DiskEncryption['volumes'][number];

const mountinfo = '/proc/self/mountinfo';
const method = `${mountinfo}, /proc/swaps, /sys/dev/block`;
const mostVolumes = 64;

/**
 * Follows every volume that keeps data down to its disks, which sysfs shows to everybody. An encrypted device
 * somewhere says nothing, and neither does an encrypted home folder: what counts is where the system itself lies.
 */
export async function readLinux(system: System): Promise<Finding<DiskEncryption>> {
  const enclosure = await findEnclosure(system);
  if (enclosure !== undefined) {
    return unsupported(
      'container',
      'The disks belong to the host, which this container cannot see.',
      enclosure.evidence,
    );
  }
  const file = await system.readFile(mountinfo);
  if (file.outcome !== 'read') return unread(file, mountinfo);
  if (!isWholeMountinfo(file.text)) {
    return unknown(
      'output-unreadable',
      `${mountinfo} does not have the form that the kernel gives it, so that volumes may be missing. Check again.`,
      mountinfo,
    );
  }
  const mounts = parseMountinfo(file.text);

  const targets = await chooseTargets(system, mounts);
  const volumes: VolumeReading[] = [];
  for (const { mount } of targets) {
    volumes.push({ mount: shown(mount.mountPoint), ...(await protectionOfMount(system, mount)) });
  }
  if (targets[0]?.isSystem !== true) {
    return unknown(
      'no-data',
      'The system does not run from a disk of this machine, so that there is none to judge.',
      method,
    );
  }
  const swaps = await readSwaps(system, mounts);
  for (const { path, protection } of swaps ?? []) volumes.push({ mount: shown(`swap ${path}`), ...protection });

  const state = judge(volumes, swaps === undefined);
  if (state === undefined) {
    return unknown(
      'no-data',
      'The devices below / could not be followed. Check that /sys is mounted and that the agent may read it.',
      method,
    );
  }
  return found({ state, volumes: worstFirst(volumes, await encryptedFolders(system, mounts)) }, method);
}

/** The first volume is the system's. Undefined: whether that one is encrypted is not known, and so nothing is. */
function judge([root, ...others]: readonly VolumeReading[], swapHidden: boolean): DiskEncryption['state'] | undefined {
  if (root === undefined || root.encrypted === null) return undefined;
  if (!root.encrypted) return 'none';
  if (others.some(({ encrypted }) => encrypted === false)) return 'partial';
  return swapHidden || others.some(({ encrypted }) => encrypted === null) ? 'enabled' : 'full';
}

/** The system's volume, then what stands in the way of `full`: where there are many, that is what must be seen. */
function worstFirst([root, ...others]: VolumeReading[], folders: VolumeReading[]): VolumeReading[] {
  const order = [false, null, true];
  // By name where nothing else tells them apart: the order of mounts is another one after every start.
  const sorted = others.toSorted(
    (left, right) =>
      order.indexOf(left.encrypted) - order.indexOf(right.encrypted) || (left.mount < right.mount ? -1 : 1),
  );
  return [...(root === undefined ? [] : [root]), ...sorted, ...folders].slice(0, mostVolumes);
}
