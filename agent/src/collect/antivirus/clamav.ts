import { day } from '@postern/shared/time';
import type { Processes } from '../processes.ts';
import type { System } from '../system.ts';
import { isRunning, type Product } from './product.ts';

const programs = ['/usr/sbin/clamd', '/usr/bin/clamscan'];
const folder = '/var/lib/clamav';
/** The database changes about daily. */
const oldestDatabaseMs = 7 * day;

/** ClamAV protects while its daemon runs; the scanner alone looks only when somebody starts it. */
export async function readClamav(system: System, processes: () => Promise<Processes>): Promise<Product | undefined> {
  const installed = await Promise.all(programs.map((path) => system.realPath(path)));
  if (installed.every((path) => path === undefined)) return undefined;
  const running = isRunning(await processes(), ['clamd']);
  return { name: 'ClamAV', kind: 'antivirus', running, upToDate: await isUpToDate(system) };
}

async function isUpToDate(system: System): Promise<boolean | null> {
  if ((await system.list(folder)) === undefined) return null;
  // Downloaded whole, or put together from differences.
  const times = await Promise.all(['daily.cvd', 'daily.cld'].map((name) => system.modifiedAt(`${folder}/${name}`)));
  const newest = Math.max(...times.map((time) => time ?? Number.NEGATIVE_INFINITY));
  const age = system.clock.now() - newest;
  // A time to come is one that a clock has set which was wrong.
  return age < -day ? null : age <= oldestDatabaseMs;
}
