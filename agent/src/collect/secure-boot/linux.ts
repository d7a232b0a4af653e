import type { secureBoot } from '@postern/shared/checks/secure-boot';
import type { z } from 'zod';
import { findEnclosure } from '../container.ts';
import { found, unknown, unsupported, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

const variables = '/sys/firmware/efi/efivars';
/** EFI_GLOBAL_VARIABLE, UEFI specification section 3.3. */
const vendor = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
/** What shim, the loader that distributions are started by, says of itself: SHIM_LOCK_GUID. */
const shimVariable = 'MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23';

/** What the firmware's own variables say. A machine without EFI has no secure boot to switch on. */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof secureBoot.value>>> {
  const enclosure = await findEnclosure(system);
  if (enclosure !== undefined) {
    return unsupported(
      'container',
      'The firmware belongs to the host, which this container cannot see.',
      enclosure.evidence,
    );
  }
  if ((await system.list('/sys/firmware/efi')) === undefined) {
    if ((await system.list('/sys/firmware')) === undefined) {
      return unknown(
        'no-data',
        'sysfs is not mounted, so that the firmware cannot be asked. Mount /sys.',
        '/sys/firmware',
      );
    }
    return unsupported(
      'hardware-absent',
      'This machine starts without EFI, so that it has no secure boot.',
      '/sys/firmware/efi',
    );
  }
  const names = await system.list(variables);
  if (names === undefined || names.length === 0) {
    return unknown(
      'no-data',
      'The EFI variables cannot be read. Mount efivarfs on /sys/firmware/efi/efivars.',
      variables,
    );
  }
  const path = `${variables}/SecureBoot-${vendor}`;
  if (!names.includes(`SecureBoot-${vendor}`)) {
    return unsupported('hardware-absent', 'The firmware of this machine does not know secure boot.', path);
  }
  const enabled = await readSwitch(system, path);
  if (enabled === undefined) {
    return unknown(
      'output-unreadable',
      'The EFI variable SecureBoot has an unexpected form. Look in the firmware setup.',
      path,
    );
  }
  // The firmware verifies shim, and shim was told (mokutil --disable-validation) to start whatever comes next.
  if (enabled && names.includes(shimVariable)) {
    const isOff = await readSwitch(system, `${variables}/${shimVariable}`);
    if (isOff === undefined) {
      return unknown(
        'output-unreadable',
        'The EFI variable MokSBStateRT has an unexpected form. Run “mokutil --sb-state”.',
        shimVariable,
      );
    }
    if (isOff) return found({ enabled: false, setupMode: null }, `${path}, MokSBStateRT`);
  }
  const setupMode = (await readSwitch(system, `${variables}/SetupMode-${vendor}`)) ?? null;
  return found({ enabled, setupMode }, path);
}

/** Four bytes of attributes, then one byte that is 0 or 1. */
async function readSwitch(system: System, path: string): Promise<boolean | undefined> {
  const bytes = await system.readBytes(path);
  if (bytes?.length !== 5 || (bytes[4] !== 0 && bytes[4] !== 1)) return undefined;
  return bytes[4] === 1;
}
