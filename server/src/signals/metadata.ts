import {
  pollMethod,
  pushMethod,
  type TransmitterMetadata,
  transmitterMetadataSchema,
} from '@postern/shared/protocol/signal';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';

/** `GET /.well-known/ssf-configuration` (SSF section 7). */
export function metadataRoute({ config }: Pick<Deps, 'config'>): AnyRoute {
  const metadata = metadataOf(config.issuer);
  return defineRoute({
    method: 'GET',
    path: '/.well-known/ssf-configuration',
    summary: 'Metadata of the transmitter of signals',
    audience: 'open',
    rate: 'discovery',
    replies: { 200: transmitterMetadataSchema },
    errors: [],
    handle: async () => ({ status: 200, headers: { 'Cache-Control': 'public, max-age=600' }, body: metadata }),
  });
}

function metadataOf(issuer: string): TransmitterMetadata {
  return {
    spec_version: '1_0',
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    delivery_methods_supported: [pushMethod, pollMethod],
    configuration_endpoint: `${issuer}/ssf/streams`,
    status_endpoint: `${issuer}/ssf/status`,
    verification_endpoint: `${issuer}/ssf/verify`,
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }, { spec_urn: 'urn:ietf:rfc:7617' }],
    default_subjects: 'ALL',
  };
}
