import type { diskFree } from '@postern/shared/checks/disk-free';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

const gibibyte = 1024 ** 3;

/** Size and free space of the volume that updates go to. */
export async function read(system: System): Promise<Finding<z.infer<typeof diskFree.value>>> {
  const mount = await systemVolume(system);
  const method = `statfs ${mount}`;
  const space = await system.diskSpace(mount);
  if (space === undefined || space.sizeBytes <= 0) {
    return unknown('no-data', `The system does not tell the size of ${mount}.`, method);
  }
  const freePercent = Math.floor((100 * space.freeBytes) / space.sizeBytes);
  return found({ mount, sizeGiB: Math.floor(space.sizeBytes / gibibyte), freePercent }, method);
}

async function systemVolume(system: System): Promise<string> {
  if (system.platform === 'windows') return `${/^[A-Za-z]:$/.exec(system.env['SystemDrive'] ?? '')?.[0] ?? 'C:'}\\`;
  if (system.platform === 'macos') return '/';
  // The root of an image-based system is a read-only image, which is always full.
  return (await system.readFile('/run/ostree-booted')).outcome === 'absent' ? '/' : '/sysroot';
}
