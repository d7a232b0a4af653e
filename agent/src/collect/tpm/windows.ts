// Read from recorded output; not run on the system itself.
import type { tpm } from '@postern/shared/checks/tpm';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { numberOf, readKey, textOf, type RegistryValues } from '../windows/registry.ts';

type Tpm = z.infer<typeof tpm.value>;

const driver = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\TPM';
const method = `reg query ${driver}\\Enum`;
const devices = 'HKLM\\SYSTEM\\CurrentControlSet\\Enum';
const mostDevices = 4;

/**
 * The chips that Windows' own driver serves. Win32_Tpm and Get-Tpm need an administrator, and tpmtool speaks
 * the user's language. One that is switched off in the firmware counts as absent: nothing can use it.
 */
export async function readWindows(system: System): Promise<Finding<Tpm>> {
  const result = await readKey(system, `${driver}\\Enum`);
  if (result.outcome === 'not-there') return withoutDevices(system);
  if (result.outcome === 'unreadable') return unreadable();
  if (result.outcome !== 'read') return { ...unanswered(result, 'reg.exe'), method };
  const count = numberOf(result.values, 'Count');
  if (count === undefined) return unreadable();
  if (count === 0) return found({ present: false, version: null }, method);
  return found({ present: true, version: await versionOf(system, result.values, count) }, method);
}

/** The driver is part of every Windows. Only where it is seen, and serves nothing, is there no chip. */
async function withoutDevices(system: System): Promise<Finding<Tpm>> {
  const result = await readKey(system, driver);
  if (result.outcome === 'read' && !result.subkeys.has('enum')) {
    return found({ present: false, version: null }, method);
  }
  return unknown(
    'permission-denied',
    'Windows did not let this user list security chips. Open Windows Security, Device security, and look there.',
    method,
  );
}

/** The id under which the firmware announces the chip, or one that the chip says it is compatible with. */
async function versionOf(system: System, values: RegistryValues, count: number): Promise<string | null> {
  for (let index = 0; index < Math.min(count, mostDevices); index += 1) {
    const id = textOf(values, String(index));
    if (id === undefined || !/^ACPI\\[A-Za-z0-9_&]{1,64}\\[A-Za-z0-9_&.]{1,64}$/i.test(id)) continue;
    const version = versionIn(id) ?? (await compatibleVersion(system, id));
    if (version !== undefined) return version;
  }
  return null;
}

async function compatibleVersion(system: System, id: string): Promise<string | undefined> {
  const result = await readKey(system, `${devices}\\${id}`);
  if (result.outcome !== 'read') return undefined;
  return versionIn(`${textOf(result.values, 'HardwareID') ?? ''} ${textOf(result.values, 'CompatibleIDs') ?? ''}`);
}

function versionIn(ids: string): string | undefined {
  if (/\bMSFT0101\b/i.test(ids.replaceAll('\\0', ' '))) return '2.0';
  return /\bPNP0C31\b/i.test(ids.replaceAll('\\0', ' ')) ? '1.2' : undefined;
}

function unreadable(): Finding<never> {
  return unknown(
    'output-unreadable',
    'The registry says something else of security chips than is known. Run tpm.msc and look there.',
    method,
  );
}
