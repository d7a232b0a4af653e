import type { deviceManagement } from '@postern/shared/checks/device-management';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { lookAtDirectories } from './directories.ts';
import { lookAtIntune } from './intune.ts';
import { lookAtLandscape } from './landscape.ts';
import type { Place } from './place.ts';
import { lookAtWorkspaceOne } from './workspace-one.ts';

const looks: ((system: System) => Promise<Place>)[] = [
  lookAtIntune,
  lookAtWorkspaceOne,
  lookAtLandscape,
  lookAtDirectories,
];

/** Who manages this machine, as it says itself. Only where every place could be looked at is the answer "nobody". */
export async function readLinux(system: System): Promise<Finding<z.infer<typeof deviceManagement.value>>> {
  const places = await Promise.all(looks.map((look) => look(system)));
  const mdm = places.map((place) => place.mdm).find((name) => name !== undefined) ?? null;
  const directory = places.map((place) => place.directory).find((name) => name !== undefined) ?? null;
  const managed = mdm !== null || directory !== null;
  const hidden = places.map((place) => place.hidden).find((path) => path !== undefined);
  if (!managed && hidden !== undefined) {
    return unknown(
      'permission-denied',
      `${hidden} cannot be read, so that management cannot be ruled out. Let the agent run as root.`,
      hidden,
    );
  }
  const seen = places.flatMap((place) => place.seen ?? []);
  return found({ managed, mdm, directory }, seen.join(', ') || 'intune, workspace-one, landscape, sssd, winbind');
}
