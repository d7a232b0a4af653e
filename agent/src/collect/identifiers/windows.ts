// Read from recorded output; not run on the system itself.
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { readKey } from '../windows/registry.ts';
import { hardwareOf, identify, machineIdHash, type Identifiers } from './hardware.ts';
import { ask, loadLibraries, type Libraries, type LoadLibraries } from './libraries.ts';

const method = 'systeminformation system() (Win32_ComputerSystemProduct); node-machine-id (MachineGuid)';
/** systeminformation starts PowerShell for it. */
const deadlineMs = 15_000;

/** Vendor, model, serial number and ids of a Windows machine. */
export function readWindows(system: System): Promise<Finding<Identifiers>> {
  return readWith(system, loadLibraries);
}

/** As readWindows, with other libraries. */
export async function readWith(system: System, load: LoadLibraries): Promise<Finding<Identifiers>> {
  const libraries = await load().catch(() => undefined);
  if (libraries === undefined) {
    return unknown(
      'failed',
      'A part of the agent that reads the hardware is missing. Install the agent again.',
      method,
    );
  }
  const answer = await ask(() => libraries.system(), deadlineMs);
  if (answer.outcome === 'timed-out') {
    return unknown(
      'timed-out',
      'Windows did not tell its hardware in time. Check again when the machine is less busy.',
      method,
    );
  }
  const hardware = hardwareOf(answer);
  if (hardware === undefined) {
    return unknown(
      'no-data',
      'Windows told nothing about its hardware. PowerShell may be blocked on this machine: ask an administrator to allow it to the agent.',
      method,
    );
  }
  return found(identify(hardware, await hashOf(system, libraries)), method);
}

/**
 * node-machine-id is asked only once it is seen that it will find MachineGuid: where it does not, it throws
 * inside a callback, where nobody can catch it and the agent would end.
 */
async function hashOf(system: System, libraries: Libraries): Promise<string | null> {
  const key = await readKey(system, 'HKLM\\SOFTWARE\\Microsoft\\Cryptography');
  const isThere = key.outcome === 'read' && key.values.get('machineguid')?.type === 'REG_SZ';
  return isThere ? machineIdHash(libraries) : null;
}
