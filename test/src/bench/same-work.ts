import { calculateJwkThumbprint, createRemoteJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import type { Shot } from './load.ts';
import type { TokenServer } from './token-server.ts';
import type { Method } from './token-shots.ts';

/**
 * That a server does the work it is measured by: it gives an ES256 access token for the resource, bound to the key of
 * the proof, and refuses the same request a second time.
 *
 * @returns the length of the token, in bytes
 */
export async function provesWork(server: TokenServer, method: Method): Promise<number> {
  const [shot] = (await server.tokenShots(1, method))[0] ?? [];
  if (shot === undefined) throw new Error('there is no request to try');
  const answer = await send(server, shot);
  const body = (await answer.json()) as { access_token?: string; token_type?: string };
  const { access_token: token, token_type: type } = body;
  if (token === undefined || type !== 'DPoP') throw new Error(`no token: ${answer.status} ${JSON.stringify(body)}`);

  const discovery = await fetch(`${server.url}/.well-known/openid-configuration`);
  const { issuer, jwks_uri } = (await discovery.json()) as { issuer: string; jwks_uri: string };
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
    issuer,
    audience: server.resource,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['exp', 'iat', 'jti', 'client_id'],
  });
  const { jwk } = decodeProtectedHeader(shot.headers['dpop'] ?? '') as { jwk: JWK };
  const { jkt } = payload['cnf'] as { jkt: string };
  if (jkt !== (await calculateJwkThumbprint(jwk))) throw new Error('the token is not bound to the key of the proof');

  const again = await send(server, shot);
  if (again.ok) throw new Error('the same request was answered twice');
  await again.arrayBuffer();
  return token.length;
}

async function send({ url }: TokenServer, { path, headers, body }: Shot): Promise<Response> {
  return await fetch(`${url}${path}`, { method: 'POST', headers, body });
}
