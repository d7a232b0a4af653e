import type { AnyRoute } from '../http/route.ts';
import { accessRoutes } from './access/routes.ts';
import { adminExceptionRoutes } from './admin-routes.ts';
import { deviceExceptionRoutes } from './device-routes.ts';
import { impactRoutes } from './impact-routes.ts';
import { personExceptionRoutes } from './person-routes.ts';
import { exceptionSetRoutes } from './set-routes.ts';
import type { ExceptionRouteDeps } from './route-parts.ts';
import { templateRoutes } from './templates/index.ts';

export { type Addressee, readAudience } from './audience.ts';
export { denyException } from './end.ts';
export { endedByReview } from './emergency/ended-by-review.ts';
export { endedByEvidence } from './evidence.ts';
export { ensureDefaultTemplates, readTemplateDocument, readTemplates, type Template } from './templates/index.ts';
export { sweepExceptions } from './sweeper.ts';
export { viewExceptions } from './view.ts';

/** All endpoints of this capability. */
export function exceptionRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  return [
    // First: `preview` is no id.
    ...impactRoutes(deps),
    ...deviceExceptionRoutes(deps),
    ...personExceptionRoutes(deps),
    ...adminExceptionRoutes(deps),
    ...exceptionSetRoutes(deps),
    ...templateRoutes(deps),
    ...accessRoutes(deps),
  ];
}
