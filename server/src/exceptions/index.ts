import type { AnyRoute } from '../http/route.ts';
import { adminExceptionRoutes } from './admin-routes.ts';
import { deviceExceptionRoutes } from './device-routes.ts';
import type { ExceptionRouteDeps } from './route-parts.ts';

export { endedByEvidence } from './evidence.ts';
export { sweepExceptions } from './sweeper.ts';
export { viewExceptions } from './view.ts';

/** All endpoints of this capability. */
export function exceptionRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  return [...deviceExceptionRoutes(deps), ...adminExceptionRoutes(deps)];
}
