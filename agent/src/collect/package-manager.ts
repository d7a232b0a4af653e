import { readOsRelease } from './os-version/os-release.ts';
import type { System } from './system.ts';

export type PackageManager = 'apt' | 'dnf' | 'pacman' | 'zypper';

const families: Record<PackageManager, readonly string[]> = {
  apt: ['debian', 'ubuntu'],
  dnf: ['fedora', 'rhel', 'centos'],
  pacman: ['arch'],
  zypper: ['suse', 'opensuse', 'sles'],
};

/** The system's own name and those of the systems that it says it is like, the nearest first. */
export async function familyOf(system: System): Promise<readonly string[]> {
  const release = await readOsRelease(system);
  return [release?.values.get('ID') ?? '', ...(release?.values.get('ID_LIKE') ?? '').split(' ')];
}

/** Who installs updates here, by the family that the system says it belongs to: a foreign tool may be installed beside it. */
export async function packageManagerOf(system: System): Promise<PackageManager | undefined> {
  const ids = await familyOf(system);
  for (const id of ids) {
    if (families.apt.includes(id)) return 'apt';
    if (families.dnf.includes(id)) return 'dnf';
    if (families.pacman.includes(id)) return 'pacman';
    if (families.zypper.includes(id)) return 'zypper';
  }
  return undefined;
}

/** For the systems whose updates come as one image, or by a tool that Postern does not know. */
export const noPackageManager =
  'Postern reads updates of apt, dnf, pacman and zypper, and this system uses another way.';

/** Image-based systems have dnf too, but their updates do not come through it. */
export async function isImageBased(system: System): Promise<boolean> {
  return (await system.readFile('/run/ostree-booted')).outcome !== 'absent';
}
