// Read from recorded output; not run on the system itself.
import type { diskEncryption } from '@postern/shared/checks/disk-encryption';
import { humanLine } from '@postern/shared/text';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { parseFileVault, parseVolume } from './macos-parse.ts';

type DiskEncryption = z.infer<typeof diskEncryption.value>;
type VolumeReading = DiskEncryption['volumes'][number];

const method = 'fdesetup status; diskutil info -plist';
const mounts = '/Volumes';
/** Each costs a command; a machine with more is told to have others that were not looked at. */
const mostOthers = 8;

/** Whether FileVault protects the startup volume (with its swap), and what other disks inside the machine are. */
export async function readMacos(system: System): Promise<Finding<DiskEncryption>> {
  const result = await system.run('/usr/bin/fdesetup', ['status']);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'fdesetup'), method: 'fdesetup status' };
  const fileVault = result.code === 0 ? parseFileVault(result.stdout) : undefined;
  if (fileVault === undefined) {
    return unknown(
      'output-unreadable',
      'macOS did not say whether FileVault is on. Look in System Settings, Privacy & Security, FileVault, and restart if a change waits for it.',
      'fdesetup status',
    );
  }
  const encrypted = fileVault === 'on';
  const startup: VolumeReading = { mount: '/', encrypted, method: encrypted ? 'filevault' : null };
  if (!encrypted) return found({ state: 'none', volumes: [startup] }, 'fdesetup status');

  const others = await readOthers(system);
  const volumes = [startup, ...(others ?? [])];
  const state = volumes.some((volume) => volume.encrypted === false)
    ? 'partial'
    : others === undefined || volumes.some((volume) => volume.encrypted === null)
      ? 'enabled'
      : 'full';
  return found({ state, volumes }, method);
}

/** The other volumes of disks inside the machine, undefined where they cannot be listed. External disks do not count. */
async function readOthers(system: System): Promise<VolumeReading[] | undefined> {
  const names = await system.list(mounts);
  if (names === undefined) return undefined;
  const volumes: VolumeReading[] = [];
  let asked = 0;
  for (const name of names) {
    const path = `${mounts}/${name}`;
    if (name.startsWith('.') || (await system.realPath(path)) === '/') continue;
    const volume = ++asked > mostOthers ? 'unclear' : await readVolume(system, path);
    if (volume === 'elsewhere') continue;
    volumes.push({
      mount: humanLine({ max: 256 }).safeParse(path).data ?? mounts,
      encrypted: volume === 'unclear' ? null : volume === 'encrypted',
      method: volume === 'encrypted' ? 'filevault' : null,
    });
    if (asked > mostOthers) break;
  }
  return volumes;
}

async function readVolume(system: System, path: string) {
  const result = await system.run('/usr/sbin/diskutil', ['info', '-plist', path]);
  return result.outcome === 'exited' ? parseVolume(result.stdout) : 'unclear';
}
