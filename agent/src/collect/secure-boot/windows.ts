// Read from recorded output; not run on the system itself.
import type { secureBoot } from '@postern/shared/checks/secure-boot';
import type { z } from 'zod';
import { found, unanswered, unknown, unsupported, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { numberOf, readKey, readValue } from '../windows/registry.ts';

const control = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
const parent = `${control}\\SecureBoot`;
const state = `${parent}\\State`;
const method = `reg query ${state}`;

/**
 * What Windows noted of the firmware when it started. Asking the firmware itself needs an administrator. The
 * firmware says off while it is in setup mode, and Windows does not note which of the two it is.
 */
export async function readWindows(system: System): Promise<Finding<z.infer<typeof secureBoot.value>>> {
  const result = await readKey(system, state);
  if (result.outcome === 'not-there') return withoutState(system);
  if (result.outcome === 'unreadable') {
    return unknown(
      'output-unreadable',
      'reg.exe printed something else than a registry key. Check that it is Windows’ own.',
      method,
    );
  }
  if (result.outcome !== 'read') return { ...unanswered(result, 'reg.exe'), method };
  const enabled = numberOf(result.values, 'UEFISecureBootEnabled');
  if (enabled === 0 || enabled === 1) return found({ enabled: enabled === 1, setupMode: null }, method);
  return unknown(
    'output-unreadable',
    'Windows does not say whether secure boot is on. Run msinfo32 and look at “Secure Boot State”.',
    method,
  );
}

/** The key is absent on a machine that started without UEFI. reg.exe says the same of a key that is refused, so the keys above are asked. */
async function withoutState(system: System): Promise<Finding<never>> {
  const firmware = await readValue(system, control, 'PEFirmwareType');
  const type = firmware.outcome === 'read' ? numberOf(firmware.values, 'PEFirmwareType') : undefined;
  const isAbsent = (await lacks(system, parent, 'state')) || (await lacks(system, control, 'secureboot'));
  if (type === 1 || (type === undefined && isAbsent)) {
    return unsupported(
      'hardware-absent',
      'This machine starts in the old way of the BIOS, which has no secure boot.',
      `${method}; PEFirmwareType`,
    );
  }
  return unknown(
    'no-data',
    'Windows notes nothing about secure boot here. Run msinfo32 and look at “BIOS Mode” and “Secure Boot State”.',
    method,
  );
}

async function lacks(system: System, key: string, subkey: string): Promise<boolean> {
  const result = await readKey(system, key);
  return result.outcome === 'read' && !result.subkeys.has(subkey);
}
