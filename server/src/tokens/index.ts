import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import { challengeEndpoint } from './challenge.ts';
import { introspectionEndpoint } from './introspect.ts';
import { metadataEndpoints } from './metadata.ts';
import { revocationEndpoint } from './revoke.ts';
import { tokenEndpoint } from './token-endpoint.ts';

export { cleanUp } from './clean-up.ts';
export { decide } from './decide.ts';
export { createDeviceAuthenticator } from './device-authenticator.ts';
export { createNonces } from './nonces.ts';
export { createSigningKeys } from './rotating-signing-keys.ts';
export type { RotatingSigningKeys } from './signing-keys.ts';

export function tokenRoutes(
  deps: Pick<Deps, 'config' | 'store' | 'random' | 'policies' | 'nonces' | 'signingKeys' | 'anonymousRefusals'>,
): AnyRoute[] {
  return [
    ...metadataEndpoints(deps),
    challengeEndpoint(deps),
    tokenEndpoint(deps),
    introspectionEndpoint(deps),
    revocationEndpoint(deps),
  ];
}
