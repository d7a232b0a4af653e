import type { antivirus } from '@postern/shared/checks/antivirus';
import type { z } from 'zod';
import { found, type Finding } from '../finding.ts';
import { readProcesses, type Processes } from '../processes.ts';
import type { System } from '../system.ts';
import { readClamav } from './clamav.ts';
import { readDefender } from './defender.ts';
import { isRunning, type Product } from './product.ts';

type Antivirus = z.infer<typeof antivirus.value>;

/** Each product that is installed, by the files of its package: a leftover folder or service file is not one. */
export async function readLinux(system: System): Promise<Finding<Antivirus>> {
  // A thousand small files, so only where a product asks; and once.
  let read: Promise<Processes> | undefined;
  const processes = () => (read ??= readProcesses(system));
  const products = await Promise.all([
    readClamav(system, processes),
    readFalcon(system, processes),
    readDefender(system),
  ]);
  return found(
    { products: products.filter((product) => product !== undefined) },
    '/proc/*/comm, /var/lib/clamav, mdatp health',
  );
}

/** CrowdStrike's sensor keeps nothing on the machine that would be out of date, and its tool answers root only. */
async function readFalcon(system: System, processes: () => Promise<Processes>): Promise<Product | undefined> {
  if ((await system.realPath('/opt/CrowdStrike/falconctl')) === undefined) return undefined;
  const running = isRunning(await processes(), ['falcon-sensor', 'falcon-sensor-b']);
  return { name: 'CrowdStrike Falcon', running, upToDate: null };
}
