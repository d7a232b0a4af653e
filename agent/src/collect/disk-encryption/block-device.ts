import { posix } from 'node:path';
import type { System } from '../system.ts';

/** Whether what is written to a device or volume reaches a disk encrypted. Null: it could not be found out. */
export interface Protection {
  encrypted: boolean | null;
  method: string | null;
}

export const plain: Protection = { encrypted: false, method: null };
export const notKnown: Protection = { encrypted: null, method: null };

/** What cryptsetup writes into dm/uuid. CRYPT-VERITY and CRYPT-INTEGRITY check data and do not encrypt them. */
const encryptingUuid = /^CRYPT-(LUKS1|LUKS2|PLAIN|BITLK|TCRYPT|FVAULT2)-/;
const methods: Record<string, string> = {
  LUKS1: 'luks1',
  LUKS2: 'luks2',
  PLAIN: 'dm-crypt',
  BITLK: 'bitlocker',
  TCRYPT: 'veracrypt',
  FVAULT2: 'filevault',
};

/** The sysfs folder of a device, e.g. of `/sys/dev/block/254:0` or `/sys/class/block/dm-1`. */
export function deviceOf(system: System, path: string): Promise<string | undefined> {
  return system.realPath(path);
}

/** Walks from a device down to its disks. `device` is its sysfs folder, undefined where it could not be found. */
export async function protectionOf(system: System, device: string | undefined): Promise<Protection> {
  return device === undefined ? notKnown : walk(system, device, new Map());
}

/** `known` holds what was seen: a device below itself (which no kernel makes) must not be walked for ever. */
async function walk(system: System, device: string, known: Map<string, Protection>): Promise<Protection> {
  const seen = known.get(device);
  if (seen !== undefined) return seen;
  known.set(device, notKnown);
  const protection = await look(system, device, known);
  known.set(device, protection);
  return protection;
}

async function look(system: System, device: string, known: Map<string, Protection>): Promise<Protection> {
  const uuid = await system.readFile(`${device}/dm/uuid`);
  if (uuid.outcome === 'refused' || uuid.outcome === 'failed') return notKnown;
  const kind = uuid.outcome === 'read' ? encryptingUuid.exec(uuid.text)?.[1] : undefined;
  if (kind !== undefined) {
    return (await isBeingChanged(system, device)) ? notKnown : { encrypted: true, method: methods[kind] ?? null };
  }
  const below = await devicesBelow(system, device);
  if (below === undefined) return notKnown;
  // What a loop device is made of lies on another volume, a network device on another machine, and what a ZFS volume or
  // a process (ublk) keeps is for them to encrypt.
  if (below.length === 0) return isMadeOfDisk(device) ? plain : notKnown;
  const found: Protection[] = [];
  for (const lower of below) found.push(await walk(system, lower, known));
  return combine(found);
}

/**
 * cryptsetup-reencrypt(8) puts devices of its own below one that it encrypts while it is in use. How far it came, and
 * whether it encrypts what was plain or the other way round, only root may see.
 */
async function isBeingChanged(system: System, device: string): Promise<boolean> {
  const names = (await system.list(`${device}/slaves`)) ?? [];
  const changing = await Promise.all(
    names.map(async (name) => {
      const below = `${device}/slaves/${name}/dm`;
      const [uuid, own] = await Promise.all([system.readFile(`${below}/uuid`), system.readFile(`${below}/name`)]);
      if (uuid.outcome !== 'read' || !uuid.text.startsWith('CRYPT-SUBDEV')) return false;
      // The other device of that kind holds the checksums of encryption that is authenticated.
      return own.outcome !== 'read' || !own.text.trimEnd().endsWith('_dif');
    }),
  );
  return changing.includes(true);
}

/** All of them together are as good as the worst of them: data lie on any. */
export function combine(parts: readonly Protection[]): Protection {
  if (parts.some(({ encrypted }) => encrypted === false)) return plain;
  if (parts.length === 0 || parts.some(({ encrypted }) => encrypted === null)) return notKnown;
  const names = [...new Set(parts.flatMap(({ method }) => method ?? []))];
  return { encrypted: true, method: names.join('+').slice(0, 32) || null };
}

/** The disks at the bottom, as sysfs folders. */
export async function disksBelow(system: System, device: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(device)) return [];
  seen.add(device);
  const below = await devicesBelow(system, device);
  if (below === undefined || below.length === 0) return [device];
  const disks: string[] = [];
  for (const lower of below) disks.push(...(await disksBelow(system, lower, seen)));
  return disks;
}

/** A partition lies on its disk, which has its own devices below where it is an array. Undefined: sysfs did not tell. */
async function devicesBelow(system: System, device: string): Promise<string[] | undefined> {
  const partition = await system.readFile(`${device}/partition`);
  if (partition.outcome === 'read') return [posix.dirname(device)];
  const names = await system.list(`${device}/slaves`);
  if (names === undefined) return undefined;
  const folders = await Promise.all(names.map((name) => system.realPath(`${device}/slaves/${name}`)));
  return folders.every((folder) => folder !== undefined) ? folders : undefined;
}

function isMadeOfDisk(device: string): boolean {
  return !/^(?:loop|nbd|rbd|drbd|zram|ram|zd|ublkb)\d/.test(posix.basename(device));
}

/** Whether a disk is one that a person unplugs, or no disk at all. */
export async function isExternal(system: System, disk: string): Promise<boolean> {
  if (!isMadeOfDisk(disk) || /\/usb\d+\//.test(disk)) return true;
  const [removable, card] = await Promise.all([
    system.readFile(`${disk}/removable`),
    system.readFile(`${disk}/device/type`),
  ]);
  return (
    (removable.outcome === 'read' && removable.text.trim() === '1') ||
    (card.outcome === 'read' && card.text.trim() === 'SD')
  );
}
