import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import { apiTokenRoutes } from './api-token-routes.ts';
import { passwordRoutes } from './passwords/password-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { sessionRoutes } from './sessions/session-routes.ts';
import { signInRoutes } from './ways/index.ts';

/** People, how they sign in, their sessions and their API tokens. */
export function identityRoutes(deps: Pick<Deps, 'store' | 'config' | 'random' | 'log'>): AnyRoute[] {
  return [
    ...signInRoutes(deps),
    ...sessionRoutes(deps),
    ...passwordRoutes(deps),
    ...peopleRoutes(deps),
    ...apiTokenRoutes(deps),
  ];
}
