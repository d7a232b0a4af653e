import {
  pollMethod,
  pushMethod,
  type TransmitterMetadata,
  transmitterMetadataSchema,
} from '@postern/shared/protocol/signal';
import { jwkSetSchema } from '@postern/shared/protocol/token';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';

const keySetPath = '/ssf/jwks.json';
const cacheable = { 'Cache-Control': 'public, max-age=600' };

/** What receivers discover (SSF section 7): the metadata of the transmitter, and its keys. */
export function metadataRoutes({ config, signalKeys }: Pick<Deps, 'config' | 'signalKeys'>): AnyRoute[] {
  const metadata = metadataOf(config.issuer);
  return [
    defineRoute({
      method: 'GET',
      path: '/.well-known/ssf-configuration',
      summary: 'Metadata of the transmitter of signals',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: transmitterMetadataSchema },
      errors: [],
      handle: async () => ({ status: 200, headers: cacheable, body: metadata }),
    }),
    // Apart from those of access tokens: who verifies by any key of a set must not take a signal's for a token's.
    defineRoute({
      method: 'GET',
      path: keySetPath,
      summary: 'Keys that sign signals',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: jwkSetSchema },
      errors: [],
      handle: async () => ({ status: 200, headers: cacheable, body: await signalKeys.jwks() }),
    }),
  ];
}

function metadataOf(issuer: string): TransmitterMetadata {
  return {
    spec_version: '1_0',
    issuer,
    jwks_uri: `${issuer}${keySetPath}`,
    delivery_methods_supported: [pushMethod, pollMethod],
    configuration_endpoint: `${issuer}/ssf/streams`,
    status_endpoint: `${issuer}/ssf/status`,
    verification_endpoint: `${issuer}/ssf/verify`,
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }, { spec_urn: 'urn:ietf:rfc:7617' }],
    default_subjects: 'ALL',
  };
}
