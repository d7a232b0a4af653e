import type { AnyRoute } from '../http/route.ts';
import { accessRoutes } from './access/routes.ts';
import { adminExceptionRoutes } from './routes/admin-routes.ts';
import { deviceExceptionRoutes } from './routes/device-routes.ts';
import { impactRoutes } from './impact/impact-routes.ts';
import { personExceptionRoutes } from './routes/person-routes.ts';
import { exceptionSetRoutes } from './sets/set-routes.ts';
import type { ExceptionRouteDeps } from './routes/route-parts.ts';
import { templateRoutes } from './templates/index.ts';

export { type Addressee, readAudience } from './audience.ts';
export { countDecidable } from './lists/decidable.ts';
export { denyException } from './deciding/end.ts';
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
