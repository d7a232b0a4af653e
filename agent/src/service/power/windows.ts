// Read from recorded output; not run on the system itself.
import type { System } from '../../collect/system.ts';
import { numberOf, readKey } from '../../collect/windows/registry.ts';
import type { Power } from './power.ts';

/** Where Windows keeps the switch of the energy saver: 1 is on. To ask PowerShell would cost more than is saved. */
const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Power';

export async function readWindows(system: System): Promise<Power> {
  const result = await readKey(system, key);
  const stated = result.outcome === 'read' ? numberOf(result.values, 'EnergySaverState') : undefined;
  return { onBattery: null, saver: stated === undefined ? null : stated === 1 };
}
