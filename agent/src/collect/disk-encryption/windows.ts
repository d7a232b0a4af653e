// Read from recorded output; not run on the system itself.
import type { diskEncryption } from '@postern/shared/checks/disk-encryption';
import { humanLine } from '@postern/shared/text';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { answerSchema, isExternal, script, volumeOf, type DiskAnswer } from './windows-parse.ts';

type DiskEncryption = z.infer<typeof diskEncryption.value>;

const method = 'Shell property System.Volume.BitLockerProtection of every fixed drive';

/** Whether BitLocker protects the system drive and the other drives inside the machine. */
export async function readWindows(system: System): Promise<Finding<DiskEncryption>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer) : asked;
}

/** The answer of the script as a finding. Only protection that is on counts: not begun, suspended or waiting. */
export function judge(answer: DiskAnswer): Finding<DiskEncryption> {
  if (answer.drives === null) {
    const { reason, detail } = explainFault(answer.fault);
    return unknown(reason, `Windows could not be asked about BitLocker. ${detail}`, method);
  }
  const systemLetter = answer.system?.toUpperCase();
  const isSystem = ({ letter }: { letter: string }) => letter.toUpperCase() === systemLetter;
  const drives = answer.drives.filter((drive) => isSystem(drive) || !isExternal(drive));
  const systemDrive = drives.find(isSystem);
  const systemVolume = systemDrive && volumeOf(systemDrive, true);
  if (systemVolume === undefined || systemVolume.encrypted === null) {
    return unknown(
      'no-data',
      'Windows does not say whether the system drive is encrypted. Look in Settings, Privacy & security, Device encryption.',
      method,
    );
  }
  const others = drives.filter((drive) => !isSystem(drive)).map((drive) => volumeOf(drive, false));
  const folders = answer.folders.slice(0, 32).map((path) => ({
    mount: humanLine({ max: 256 }).safeParse(path).data ?? 'a folder',
    encrypted: null,
    method: null,
  }));
  const volumes = [systemVolume, ...others, ...folders];
  return found({ state: stateOf(volumes), volumes }, method);
}

function stateOf([systemVolume, ...others]: DiskEncryption['volumes']): DiskEncryption['state'] {
  if (systemVolume?.encrypted !== true) return 'none';
  if (others.some(({ encrypted }) => encrypted === false)) return 'partial';
  return others.some(({ encrypted }) => encrypted === null) ? 'enabled' : 'full';
}
