import { minute } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Job } from '../jobs.ts';
import { watchForAbuse, type WatchDeps } from './watch.ts';

export { toCsv } from './csv.ts';
export { analyticsRoutes } from './routes.ts';
export { viewReport, viewReports } from './view.ts';

/** What runs beside the requests. */
export function analyticsJobs(deps: WatchDeps & Pick<Deps, 'clock'>): Job[] {
  return [{ name: 'watch for abuse', everyMs: minute, run: () => watchForAbuse(deps, deps.clock.now()) }];
}
