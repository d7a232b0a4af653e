import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import { adminRoutes } from './admin-routes.ts';
import { metadataRoutes } from './metadata.ts';
import type { SignalMetrics } from './metrics.ts';
import { pollRoute } from './poll-route.ts';
import { receiverTokenRoute } from './receiver-token.ts';
import type { Signaller } from './signaller.ts';
import { streamRoutes } from './stream-routes.ts';

export { beginToSignal } from './begin.ts';
export { followedTypes } from './occurrences.ts';
export { createReceiverAuthenticator } from './receiver-authenticator.ts';
export { createSignaller, type Signaller } from './signaller.ts';

type SignalDeps = Pick<Deps, 'store' | 'random' | 'clock' | 'log' | 'config' | 'signalKeys' | 'signingKeys'> & {
  metrics: SignalMetrics;
};

/** All endpoints of this capability. */
export function signalRoutes(deps: SignalDeps & { signaller: Pick<Signaller, 'waitingRoom' | 'hasNew'> }): AnyRoute[] {
  const { waitingRoom, hasNew } = deps.signaller;
  return [
    ...metadataRoutes(deps),
    receiverTokenRoute(deps),
    ...streamRoutes({ ...deps, hasNew }),
    pollRoute({ ...deps, waitingRoom }),
    ...adminRoutes({ ...deps, hasNew }),
  ];
}
