import { posix } from 'node:path';
import { z } from 'zod';
import type { System } from '../system.ts';
import { combine, deviceOf, notKnown, plain, protectionOf, type Protection } from './block-device.ts';
import type { Mount } from './mountinfo.ts';

/** File systems that live on several devices at once, so that the mount's own device number says nothing. */
export const pooled = new Set(['btrfs', 'bcachefs', 'zfs']);

/** The sysfs folders of the devices below a mount; undefined in place of one that could not be found. */
export async function devicesOf(system: System, mount: Mount): Promise<(string | undefined)[]> {
  switch (mount.fsType) {
    case 'btrfs':
      return btrfsDevices(system, mount.source);
    case 'bcachefs':
      return Promise.all(mount.source.split(':').map((path) => deviceOfNode(system, path)));
    case 'zfs':
      return zfsDevices(system, mount.source);
    default:
      return [await deviceOf(system, `/sys/dev/block/${mount.device}`)];
  }
}

/** Whether what is written to this mount reaches its disks encrypted. */
export async function protectionOfMount(system: System, mount: Mount): Promise<Protection> {
  if (mount.fsType === 'zfs') {
    const own = await zfsEncryption(system, mount.source);
    if (own !== plain) return own;
  }
  const parts: Protection[] = [];
  for (const device of await devicesOf(system, mount)) parts.push(await protectionOf(system, device));
  const below = combine(parts);
  // It can encrypt by itself, which only its superblock tells.
  return mount.fsType === 'bcachefs' && below.encrypted === false ? notKnown : below;
}

/** A device node such as `/dev/mapper/root`, which links to `/dev/dm-0`. */
export async function deviceOfNode(system: System, path: string): Promise<string | undefined> {
  const node = await system.realPath(path);
  return node?.startsWith('/dev/') === true ? deviceOf(system, `/sys/class/block/${posix.basename(node)}`) : undefined;
}

/** The mount names one device of the file system; its folder in sysfs lists them all. */
async function btrfsDevices(system: System, source: string): Promise<(string | undefined)[]> {
  const mounted = await deviceOfNode(system, source);
  if (mounted === undefined) return [undefined];
  for (const id of (await system.list('/sys/fs/btrfs')) ?? []) {
    const folder = `/sys/fs/btrfs/${id}/devices`;
    const names = (await system.list(folder)) ?? [];
    if (names.includes(posix.basename(mounted))) {
      return Promise.all(names.map((name) => deviceOf(system, `${folder}/${name}`)));
    }
  }
  return [undefined];
}

const zfsFolders = ['/usr/sbin', '/sbin', '/usr/bin'];
const cipher = z.string().regex(/^(?:on|aes-(?:128|192|256)-(?:ccm|gcm))$/);

async function zfsEncryption(system: System, dataset: string): Promise<Protection> {
  const output = await runZfs(system, 'zfs', ['get', '-H', '-o', 'value', 'encryption,keystatus', dataset]);
  const [encryption, keyStatus, end] = output?.split('\n') ?? [];
  if (keyStatus === undefined || end !== '') return notKnown;
  if (encryption === 'off') return plain;
  return cipher.safeParse(encryption).success ? { encrypted: true, method: 'zfs' } : notKnown;
}

async function zfsDevices(system: System, dataset: string): Promise<(string | undefined)[]> {
  const pool = dataset.split('/')[0] ?? dataset;
  const output = await runZfs(system, 'zpool', ['list', '-v', '-H', '-P', '-L', pool]);
  // Each device stands in a line of its own, indented; the line of the pool may name the folder that it is mounted under.
  if (output?.endsWith('\n') !== true) return [undefined];
  const paths = [...output.matchAll(/^\t[ \t]*(\/\S+)/gm)].map(([, path]) => path ?? '');
  return paths.length === 0 ? [undefined] : Promise.all(paths.map((path) => deviceOfNode(system, path)));
}

async function runZfs(system: System, tool: string, args: string[]): Promise<string | undefined> {
  for (const folder of zfsFolders) {
    const result = await system.run(`${folder}/${tool}`, args);
    if (result.outcome === 'absent') continue;
    return result.outcome === 'exited' && result.code === 0 ? result.stdout : undefined;
  }
  return undefined;
}
