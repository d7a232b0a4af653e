import { type Instant, minute } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Job } from '../jobs.ts';
import type { Metrics } from '../metrics.ts';
import { type OpenDeps, openExceptionReviews } from './open.ts';
import { announceOverdue, closeEnded } from './tidy.ts';

export { openRuleReviews } from './open.ts';
export { reviewsRoutes } from './routes.ts';
export { reviewsFor } from './view.ts';

type JobDeps = OpenDeps & { metrics: Pick<Metrics, 'reviewsOverdue'> };

/** What runs beside the requests. */
export function reviewsJobs(deps: JobDeps & Pick<Deps, 'clock'>): Job[] {
  return [{ name: 'look after reviews', everyMs: minute, run: () => lookAfterReviews(deps, deps.clock.now()) }];
}

/** Asks for reviews that are due, closes those of what has ended, and announces those that nobody decides. */
export async function lookAfterReviews(deps: JobDeps, now: Instant): Promise<void> {
  await closeEnded(deps, now);
  await openExceptionReviews(deps, now);
  await announceOverdue(deps, now);
}
