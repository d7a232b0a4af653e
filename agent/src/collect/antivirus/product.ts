import type { antivirus } from '@postern/shared/checks/antivirus';
import type { z } from 'zod';
import type { Processes } from '../processes.ts';

export type Product = z.infer<typeof antivirus.value>['products'][number];

/** Whether one of these programs runs; null where it was not seen but could be hidden. */
export function isRunning({ byName, complete }: Processes, names: readonly string[]): boolean | null {
  if (names.some((name) => byName.has(name))) return true;
  return complete ? false : null;
}
