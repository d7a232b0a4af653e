import {
  type AuthorizationServerMetadata,
  authorizationServerMetadataSchema,
  jwkSetSchema,
} from '@postern/shared/protocol/token';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';

const cacheable = { 'Cache-Control': 'public, max-age=600' };

/** What clients and gateways discover: RFC 8414 metadata under both of its usual addresses, and the key set. */
export function metadataEndpoints({ config, signingKeys }: Pick<Deps, 'config' | 'signingKeys'>): AnyRoute[] {
  const metadata = metadataOf(config.issuer);
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

function metadataOf(issuer: string): AuthorizationServerMetadata {
  return {
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    challenge_endpoint: `${issuer}/oauth/challenge`,
    grant_types_supported: ['client_credentials'],
    // Required by RFC 8414, though there is no authorization endpoint that could answer.
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic'],
    revocation_endpoint_auth_signing_alg_values_supported: ['ES256'],
    dpop_signing_alg_values_supported: ['ES256'],
  };
}
