import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import { authenticatorAppRoutes } from './authenticator-app-routes.ts';
import { meRoutes } from './me-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { resetRoutes } from './reset-routes.ts';

/** All endpoints of this capability. */
export function stepUpRoutes(deps: Pick<Deps, 'store' | 'config' | 'random'>): AnyRoute[] {
  return [...meRoutes(deps), ...passkeyRoutes(deps), ...authenticatorAppRoutes(deps), ...resetRoutes(deps)];
}
