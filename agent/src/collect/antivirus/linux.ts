import type { antivirus } from '@postern/shared/checks/antivirus';
import type { z } from 'zod';
import { found, type Finding } from '../finding.ts';
import { readProcesses, type Processes } from '../processes.ts';
import type { System } from '../system.ts';
import { readClamav } from './clamav.ts';
import { readDefender } from './defender.ts';
import { readFalcon } from './falcon.ts';
import { readServices } from './services.ts';

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
  products.push(...(await readServices(system, processes)));
  return found(
    { products: products.filter((product) => product !== undefined) },
    '/proc/*/comm, /var/lib/clamav, mdatp health, falconctl -g',
  );
}
