import type { AnyRoute } from '../../http/route.ts';
import type { ExceptionRouteDeps } from '../routes/route-parts.ts';
import { adminAccessRoutes } from './admin-routes.ts';
import { deviceAccessRoutes } from './device-routes.ts';
import { personAccessRoutes } from './person-routes.ts';

/** All endpoints of temporary access and of emergencies. */
export function accessRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  return [...deviceAccessRoutes(deps), ...personAccessRoutes(deps), ...adminAccessRoutes(deps)];
}
