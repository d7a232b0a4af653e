import {
  type AuthorizationServerMetadata,
  authorizationServerMetadataSchema,
  jwkSetSchema,
  postureAcrs,
} from '@postern/shared/protocol/token';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import type { ClientAuthenticationMethod } from './client-authentication/index.ts';
import type { GrantType } from './grants/index.ts';

/** What the token endpoint takes. */
interface Offered {
  grantTypes: readonly GrantType[];
  clientAuthentication: readonly ClientAuthenticationMethod[];
}

const cacheable = { 'Cache-Control': 'public, max-age=600' };

/** What clients and gateways discover: RFC 8414 metadata under both of its usual addresses, and the key set. */
export function metadataEndpoints({
  config,
  signingKeys,
  ...offered
}: Pick<Deps, 'config' | 'signingKeys'> & Offered): AnyRoute[] {
  const metadata = metadataOf(config.issuer, offered);
  const describe = (path: string) =>
    defineRoute({
      method: 'GET',
      path,
      summary: 'Metadata of the authorization server',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: authorizationServerMetadataSchema },
      errors: [],
      handle: async () => ({ status: 200, headers: cacheable, body: metadata }),
    });
  return [
    describe('/.well-known/oauth-authorization-server'),
    describe('/.well-known/openid-configuration'),
    defineRoute({
      method: 'GET',
      path: '/.well-known/jwks.json',
      summary: 'Keys that sign access tokens',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: jwkSetSchema },
      errors: [],
      handle: async () => ({ status: 200, headers: cacheable, body: signingKeys.jwks() }),
    }),
  ];
}

function metadataOf(issuer: string, { grantTypes, clientAuthentication }: Offered): AuthorizationServerMetadata {
  return {
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    device_authorization_endpoint: `${issuer}/oauth/device_authorization`,
    challenge_endpoint: `${issuer}/oauth/challenge`,
    client_attestation_endpoint: `${issuer}/oauth/client-attestation`,
    grant_types_supported: grantTypes.map(({ name }) => name),
    // Required by RFC 8414, though there is no authorization endpoint that could answer.
    response_types_supported: [],
    token_endpoint_auth_methods_supported: clientAuthentication.map(({ name }) => name),
    token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic'],
    revocation_endpoint_auth_signing_alg_values_supported: ['ES256'],
    client_attestation_signing_alg_values_supported: ['ES256'],
    client_attestation_pop_signing_alg_values_supported: ['ES256'],
    client_attestation_pop_methods_supported: ['dpop_combined', 'attestation_pop_jwt'],
    dpop_signing_alg_values_supported: ['ES256'],
    acr_values_supported: [...postureAcrs],
    // Postern issues no ID tokens. Verifiers that know OpenID discovery only (Vault, Kubernetes) want these two, and take
    // from the second how tokens are signed.
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}
