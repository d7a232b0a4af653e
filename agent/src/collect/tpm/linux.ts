import type { tpm } from '@postern/shared/checks/tpm';
import type { z } from 'zod';
import { findEnclosure } from '../container.ts';
import { found, unknown, unsupported, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

const folder = '/sys/class/tpm';

/** The chips that the kernel drives. One that is switched off in the firmware counts as absent: nothing can use it. */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof tpm.value>>> {
  const enclosure = await findEnclosure(system);
  if (enclosure !== undefined) {
    return unsupported(
      'container',
      'The security chip belongs to the host, which this container cannot see.',
      enclosure.evidence,
    );
  }
  const chips = (await system.list(folder))?.filter((name) => /^tpm\d+$/.test(name)) ?? [];
  if (chips.length === 0) {
    if ((await system.list('/sys/class')) === undefined) {
      return unknown('no-data', 'sysfs is not mounted, so that chips cannot be listed. Mount /sys.', folder);
    }
    return found({ present: false, version: null }, folder);
  }
  const versions = await Promise.all(chips.map((chip) => readVersion(system, chip)));
  const newest = versions.includes('2.0') ? '2.0' : (versions.find((version) => version !== null) ?? null);
  return found({ present: true, version: newest }, `${folder}/tpm*/tpm_version_major`);
}

/** The kernel has told the version since 5.6; before that it is not known. */
async function readVersion(system: System, chip: string): Promise<string | null> {
  const file = await system.readFile(`${folder}/${chip}/tpm_version_major`);
  if (file.outcome !== 'read') return null;
  return { '1': '1.2', '2': '2.0' }[file.text.trim()] ?? null;
}
