import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import type { Job } from '../jobs.ts';

/** All endpoints of this capability. */
export function analyticsRoutes(_deps: Deps): AnyRoute[] {
  return [];
}

/** What runs beside the requests. */
export function analyticsJobs(_deps: Deps): Job[] {
  return [];
}
