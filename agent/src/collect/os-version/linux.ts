import type { osVersion } from '@postern/shared/checks/os-version';
import { z } from 'zod';
import { found, unknown, unread, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { readOsRelease } from './os-release.ts';

const kernelRelease = '/proc/sys/kernel/osrelease';
const lastDay = z.iso.date();

/** What os-release and the kernel say. Rolling distributions have no version, which is not an unknown one. */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof osVersion.value>>> {
  const release = await readOsRelease(system);
  if (release === undefined) {
    return unknown('no-data', 'Neither /etc/os-release nor /usr/lib/os-release can be read.', '/etc/os-release');
  }
  const kernel = await system.readFile(kernelRelease);
  if (kernel.outcome !== 'read') return unread(kernel, kernelRelease);
  const build = /^(\d{1,3}\.\d{1,5}[\w.+~-]{0,100})\n$/.exec(kernel.text)?.[1];
  if (build === undefined) {
    return unknown(
      'output-unreadable',
      'The kernel does not tell its release in the form that is known. Run “uname -r” and compare.',
      kernelRelease,
    );
  }

  const { values, path } = release;
  // os-release(5) gives these two their defaults.
  const id = values.get('ID') || 'linux';
  const name = values.get('PRETTY_NAME') || values.get('NAME') || 'Linux';
  return found(
    {
      platform: 'linux',
      id,
      name,
      version: values.get('VERSION_ID') || null,
      build,
      supportEndsOn: lastDay.safeParse(values.get('SUPPORT_END')).data ?? null,
    },
    `${path}, ${kernelRelease}`,
  );
}
