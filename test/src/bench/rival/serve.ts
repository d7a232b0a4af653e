import { createServer } from 'node:http';
import { createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { memoryAdapter, sqliteAdapter } from './adapters.ts';

/** What the process of oidc-provider is told. */
export interface RivalStart {
  port: number;
  resource: string;
  /** The file of the durable adapter; null keeps everything in memory. */
  file: string | null;
  clients: readonly { client_id: string; token_endpoint_auth_method: string; jwks: { keys: readonly object[] } }[];
  /** Who signs client attestations. */
  attester: JsonWebKey;
}

/** oidc-provider as like Postern as it can be made: same grant, same algorithms, nonces required, replays refused. */
function configurationOf({ resource, file, clients, attester }: RivalStart): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const attesterKey = createPublicKey({ key: attester, format: 'jwk' });
  const methods = ['private_key_jwt', 'attest_jwt_client_auth_dpop', 'attest_jwt_client_auth'];
  return {
    adapter: file === null ? memoryAdapter() : sqliteAdapter(file),
    // Clients of its configuration stay in memory ready for use; from the adapter, each request would look one up.
    clients: clients.map((client) => ({
      ...client,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      dpop_bound_access_tokens: true,
      // What it demands otherwise is an RSA key for ID tokens, which nobody asks for here.
      id_token_signed_response_alg: 'ES256',
      ...(client.token_endpoint_auth_method === 'private_key_jwt' ? { token_endpoint_auth_signing_alg: 'ES256' } : {}),
    })),
    clientAuthMethods: methods,
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      attestClientAuth: {
        enabled: true,
        ack: 'draft-12',
        challengeSecret: randomBytes(32),
        // Imported once: what it costs to find the key is not what is compared.
        getAttestationSignaturePublicKey: () => attesterKey,
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          audience: resource,
          scope: '',
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

process.on('message', (message: RivalStart | 'cpu') => {
  if (message === 'cpu') process.send?.(process.cpuUsage());
  else {
    const provider = new Provider(`http://127.0.0.1:${message.port}`, configurationOf(message));
    provider.on('server_error', (_context, error) => console.error(error));
    createServer({ keepAliveTimeout: 65_000 }, provider.callback()).listen(message.port, '127.0.0.1', () => {
      process.send?.('ready');
    });
  }
});

// Whoever started it is gone.
process.on('disconnect', () => process.exit());
