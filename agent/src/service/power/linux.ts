import type { System } from '../../collect/system.ts';
import type { Power } from './power.ts';

const supplies = '/sys/class/power_supply';
const firmwareProfile = '/sys/firmware/acpi/platform_profile';
const daemonProfile = '/var/lib/power-profiles-daemon/state.ini';

/** The profile that the firmware keeps, or the one that GNOME and KDE set with power-profiles-daemon. */
export async function readLinux(system: System): Promise<Power> {
  const [names, firmware, daemon] = await Promise.all([
    system.list(supplies),
    system.readFile(firmwareProfile),
    system.readFile(daemonProfile),
  ]);
  const chosen = daemon.outcome === 'read' ? /^Profile=(.+)$/m.exec(daemon.text)?.[1]?.trim() : undefined;
  const kept = firmware.outcome === 'read' ? firmware.text.trim() : undefined;
  const saver = chosen === undefined && kept === undefined ? null : chosen === 'power-saver' || kept === 'low-power';
  return { onBattery: await isOnBattery(system, names ?? []), saver };
}

/** Batteries of mice and keyboards are listed, too; their scope says "Device". */
async function isOnBattery(system: System, names: readonly string[]): Promise<boolean | null> {
  let discharges: boolean | null = null;
  for (const name of names) {
    const [type, scope, online, status] = await Promise.all(
      ['type', 'scope', 'online', 'status'].map(async (member) => {
        const file = await system.readFile(`${supplies}/${name}/${member}`);
        return file.outcome === 'read' ? file.text.trim() : '';
      }),
    );
    if (scope === 'Device') continue;
    if ((type === 'Mains' || type === 'USB') && online === '1') return false;
    if (type === 'Battery') discharges = discharges === true || status === 'Discharging';
  }
  return discharges;
}
