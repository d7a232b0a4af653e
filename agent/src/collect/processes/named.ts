import type { processes } from '@postern/shared/checks/processes';
import type { z } from 'zod';

export type Processes = z.infer<typeof processes.value>;

/** As many as a reading holds. A plan names no more either. */
export const mostTargets = 64;

/** The last part of a path of any of the systems. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
