import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import type { Job } from '../jobs.ts';

/** All endpoints of this capability. */
export function reviewsRoutes(_deps: Deps): AnyRoute[] {
  return [];
}

/** What runs beside the requests. */
export function reviewsJobs(_deps: Deps): Job[] {
  return [];
}
