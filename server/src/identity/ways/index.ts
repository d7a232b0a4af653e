import { z } from 'zod';
import { signInWaySchema } from '@postern/shared/protocol/sign-in';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { linkWay } from './link.ts';
import { passkeyWay } from './passkey.ts';
import { passwordWay } from './password.ts';
import { providerWay } from './provider.ts';
import type { Way, WayDeps } from './way.ts';

/** All ways to sign in, in the order in which the screen offers them. Adding one is adding a file and a line. */
const ways: readonly Way[] = [passkeyWay, providerWay, passwordWay, linkWay];

export function signInRoutes(deps: WayDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/sign-in/ways',
      summary: 'How people may sign in to the console here',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: z.strictObject({ items: z.array(signInWaySchema) }) },
      errors: [],
      handle: async () => ({ status: 200, body: { items: ways.flatMap(({ offers }) => offers(deps.config)) } }),
    }),
    ...ways.flatMap(({ routes }) => routes(deps)),
  ];
}
