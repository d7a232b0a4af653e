import type { Wish } from '../collector.ts';
import type { Finding } from '../finding.ts';
import { isPersonal } from '../personal.ts';
import type { System } from '../system.ts';
import type { Processes } from './named.ts';

type Reader = (system: System, wish: Wish) => Promise<Finding<Processes>>;

/** What a person keeps in their own home and runs from there is not looked for, and so not known. */
export function notPersonal(read: Reader): Reader {
  return async (system, wish) => {
    const asked = wish.targets.filter((path) => !isPersonal(system, path));
    const finding = await read(system, { ...wish, targets: asked });
    if (finding.status !== 'ok') return finding;
    const running = new Map(finding.value.processes.map((each) => [each.path, each.running]));
    const processes = wish.targets
      .filter((path) => running.has(path) || isPersonal(system, path))
      .map((path) => ({ path, running: running.get(path) ?? null }));
    return { ...finding, value: { processes } };
  };
}
