import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';
import { challengeEndpoint } from './challenge.ts';
import { clientAttestationEndpoint } from './client-attestation/issue-endpoint.ts';
import { createClientAttestations } from './client-attestation/verify.ts';
import { clientAuthenticationMethods } from './client-authentication/index.ts';
import { deviceAuthorizationEndpoint } from './device-authorization.ts';
import { grantTypes } from './grants/index.ts';
import { introspectionEndpoint } from './introspect.ts';
import { metadataEndpoints } from './metadata.ts';
import { revocationEndpoint } from './revoke.ts';
import { signInTokenEndpoint } from './sign-in-token/issue-endpoint.ts';
import { tokenEndpoint } from './token-endpoint.ts';

export { cleanUp } from './clean-up.ts';
export { decide } from './decide.ts';
export { createDeviceAuthenticator } from './device-authenticator.ts';
export { createNonces, createOwnNonces } from './nonces.ts';
export { meetsRequirements } from './requirements.ts';
export type { LiveToken } from './live-token.ts';
export { createPresentedTokens } from './presented-token.ts';
export { keyJobs } from './key-jobs.ts';
export { createSignalKeys } from './rotating-signal-keys.ts';
export { createSigningKeys } from './rotating-signing-keys.ts';
export type { RotatingSignalKeys, RotatingSigningKeys } from './signing-keys.ts';

export function tokenRoutes(
  deps: Pick<Deps, 'config' | 'store' | 'random' | 'policies' | 'nonces' | 'signingKeys' | 'anonymousRefusals'>,
): AnyRoute[] {
  const attestations = createClientAttestations(deps);
  const offered = {
    grantTypes: grantTypes(deps, attestations),
    clientAuthentication: clientAuthenticationMethods(deps, attestations),
  };
  return [
    ...metadataEndpoints({ ...deps, ...offered }),
    challengeEndpoint(deps),
    clientAttestationEndpoint(deps),
    tokenEndpoint({ ...deps, ...offered }),
    deviceAuthorizationEndpoint({ ...deps, ...offered }),
    signInTokenEndpoint(deps),
    introspectionEndpoint(deps),
    revocationEndpoint(deps),
  ];
}
