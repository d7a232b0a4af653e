import { posix } from 'node:path';
import type { signIn } from '@postern/shared/checks/sign-in';
import type { z } from 'zod';
import { findEnclosure } from '../container.ts';
import { found, unknown, unsupported, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { displayManagers, type DisplayManager } from './display-managers.ts';
import { lookAtGetty } from './getty.ts';
import { isPasswordSet } from './password.ts';

const link = '/etc/systemd/system/display-manager.service';

/** Who lets people in without asking, as the sign-in screens and the consoles are configured. */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof signIn.value>>> {
  const enclosure = await findEnclosure(system);
  if (enclosure !== undefined) {
    return unsupported('container', 'People sign in to the host, which this container cannot see.', enclosure.evidence);
  }
  if ((await system.list('/etc')) === undefined) {
    return unknown('no-data', 'The folder /etc cannot be listed, so that nothing tells who signs people in.', '/etc');
  }
  const unit = await chosenUnit(system);
  const managers = displayManagers.filter((manager) => mayRun(manager, unit));
  const [looks, getty, passwordSet] = await Promise.all([
    Promise.all(managers.map(async (manager) => ({ name: manager.name, look: await manager.look(system) }))),
    lookAtGetty(system),
    isPasswordSet(system),
  ]);
  const all = [...looks, { name: 'getty', look: getty }];
  for (const { name, look } of all) {
    if (look.outcome === 'automatic') return found({ automatic: true, passwordSet, mechanism: name }, look.seen);
  }
  for (const { look } of all) {
    if (look.outcome !== 'hidden') continue;
    return unknown(
      'permission-denied',
      `${look.path} cannot be read, so that automatic sign-in cannot be ruled out. Let the agent run as root.`,
      look.path,
    );
  }
  if (unit !== undefined && managers.length === 0) {
    return unknown('no-data', `Postern cannot read how the sign-in screen ${unit} is configured yet.`, link);
  }
  return found(
    { automatic: false, passwordSet, mechanism: null },
    `${managers.map(({ name }) => name).join(', ')}, getty`,
  );
}

/** Which sign-in screen starts, where systemd says so. */
async function chosenUnit(system: System): Promise<string | undefined> {
  const target = await system.realPath(link);
  // A link to nothing switches it off; then any other one may be started by hand.
  const unit = target === undefined || target === '/dev/null' ? undefined : posix.basename(target, '.service');
  return unit === undefined || unit === 'display-manager' || !/^[\w@.-]{1,64}$/.test(unit) ? undefined : unit;
}

/** What another one is told does not count: packages that were removed leave their settings behind. */
function mayRun({ units }: DisplayManager, unit: string | undefined): boolean {
  return unit === undefined || units.includes(unit);
}
