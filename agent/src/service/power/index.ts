import type { Platform } from '@postern/shared/checks/define';
import type { System } from '../../collect/system.ts';
import { readLinux } from './linux.ts';
import { readMacos } from './macos.ts';
import type { Power } from './power.ts';
import { readWindows } from './windows.ts';

export type { Power } from './power.ts';

const readers: Record<Platform, (system: System) => Promise<Power>> = {
  linux: readLinux,
  macos: readMacos,
  windows: readWindows,
};

/** The state of the machine's power, read as cheaply as the system allows: it is asked every minute. */
export function readPower(system: System): Promise<Power> {
  return readers[system.platform](system).catch(() => ({ onBattery: null, saver: null }));
}

/** Whether the agent should do with as little as it can. A saver that stays on at the mains saves nothing. */
export function isSaving({ onBattery, saver }: Power): boolean {
  return saver === true && onBattery !== false;
}
