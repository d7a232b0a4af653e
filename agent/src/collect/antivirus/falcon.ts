import type { Processes } from '../processes.ts';
import type { System } from '../system.ts';
import { isRunning, type Product } from './product.ts';

const tool = '/opt/CrowdStrike/falconctl';
const sensors = ['falcon-sensor', 'falcon-sensor-b'];

/**
 * CrowdStrike's sensor keeps nothing on the machine that would be out of date. Its tool answers root only, and then says
 * whether the sensor knows this kernel: in its reduced functionality mode it runs, and looks at nothing.
 */
export async function readFalcon(system: System, processes: () => Promise<Processes>): Promise<Product | undefined> {
  if ((await system.realPath(tool)) === undefined) return undefined;
  const product = { name: 'CrowdStrike Falcon', kind: 'edr', upToDate: null } as const;
  const running = isRunning(await processes(), sensors);
  if (system.uid !== 0 || running === false) return { ...product, running };
  const result = await system.run(tool, ['-g', '--rfm-state']);
  const reduced =
    result.outcome === 'exited' && result.code === 0
      ? /\brfm-state=(true|false)\b/.exec(result.stdout)?.[1]
      : undefined;
  if (reduced === 'true') return { ...product, running: false };
  return { ...product, running: reduced === 'false' ? running : null };
}
