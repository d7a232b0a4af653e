import type { diskEncryption } from '@postern/shared/checks/disk-encryption';
import type { z } from 'zod';
import type { System } from '../system.ts';
import type { Mount } from './mountinfo.ts';
import { shown } from './shown.ts';

type VolumeReading = z.infer<typeof diskEncryption.value>['volumes'][number];

const lsattr = '/usr/bin/lsattr';

/** Shown, never counted: beside an encrypted home folder, temporary files, logs and swap stay readable. */
export async function encryptedFolders(system: System, mounts: readonly Mount[]): Promise<VolumeReading[]> {
  const folders = mounts
    .filter(({ fsType }) => fsType === 'ecryptfs')
    .map(({ mountPoint }) => ({ mount: shown(mountPoint), encrypted: true, method: 'ecryptfs' }));
  if (await isFscryptHome(system)) folders.push({ mount: shown(system.home), encrypted: true, method: 'fscrypt' });
  return folders;
}

/** What a file system encrypts by itself is a mark on the folder; it is asked for where fscrypt was set up at all. */
async function isFscryptHome(system: System): Promise<boolean> {
  const places = await Promise.all(['/.fscrypt', '/home/.fscrypt'].map((folder) => system.realPath(folder)));
  if (places.every((place) => place === undefined)) return false;
  const result = await system.run(lsattr, ['-d', '--', system.home], { deadlineMs: 1_000 });
  return result.outcome === 'exited' && result.code === 0 && /^[a-zA-Z-]*E[a-zA-Z-]* /.test(result.stdout);
}
