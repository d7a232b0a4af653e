// Read from recorded output; not run on the system itself.
import type { System } from '../../collect/system.ts';
import type { Power } from './power.ts';

/**
 * `pmset -g` lists the settings in use for the present source of power: what it says of saving counts now. Most Macs have
 * `lowpowermode`, those with three modes have `powermode`, of which 1 is the low one.
 */
export async function readMacos(system: System): Promise<Power> {
  const result = await system.run('/usr/bin/pmset', ['-g']);
  if (result.outcome !== 'exited' || result.code !== 0) return { onBattery: null, saver: null };
  const stated = [...result.stdout.matchAll(/^ +(?:lowpowermode|powermode) +(\d)\s*$/gm)].map(([, mode]) => mode);
  return { onBattery: null, saver: stated.length === 0 ? null : stated.includes('1') };
}
