import type { Deps } from '../deps.ts';
import type { Job } from '../jobs.ts';

/** What runs beside the requests. */
export function auditJobs(_deps: Pick<Deps, 'store' | 'config' | 'clock' | 'log'>): Job[] {
  return [];
}
