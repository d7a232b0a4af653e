import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import { newDeviceRoutes } from './device-routes.ts';
import { enrollingPersonRoutes } from './person-routes.ts';

export { createEnrollmentToken, type EnrollmentTokenWish } from './enrollment-tokens.ts';
export { sweepEnrollments } from './sweep.ts';

/** Endpoints of this capability. */
export function enrollmentRoutes(
  deps: Pick<Deps, 'store' | 'random' | 'config' | 'policies' | 'anonymousRefusals'>,
): AnyRoute[] {
  return [...newDeviceRoutes(deps), ...enrollingPersonRoutes(deps)];
}
