import type { uptime } from '@postern/shared/checks/uptime';
import { minute, second, toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

type Uptime = z.infer<typeof uptime.value>;

/** The kernel states the moment itself, and it moves only when the clock is set. */
export async function readLinux(system: System): Promise<Finding<Uptime>> {
  const file = await system.readFile('/proc/stat');
  const stated = file.outcome === 'read' ? /^btime (\d{1,12})$/m.exec(file.text)?.[1] : undefined;
  if (stated === undefined) return computed(system);
  return found(toTheMinute(Number(stated) * second), '/proc/stat');
}

/** Now, minus how long the machine has run. */
export async function computed(system: System): Promise<Finding<Uptime>> {
  return found(toTheMinute(system.clock.now() - system.uptimeSeconds() * second), 'uptime');
}

function toTheMinute(instant: Instant): Uptime {
  return { startedAt: toTimestamp(Math.round(instant / minute) * minute) };
}
