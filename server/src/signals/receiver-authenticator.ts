import { Fault } from '@postern/shared/protocol/errors';
import type { Deps } from '../deps.ts';
import type { Authenticators, Presented } from '../http/authenticators.ts';
import { readReceiverToken, receiverTokenPath } from './receiver-token.ts';

type ReceiverDeps = Pick<Deps, 'signingKeys' | 'store'> & { config: Pick<Deps['config'], 'issuer'> };

/**
 * Knows a gateway at the endpoints of signals by a bearer token too (RFC 6750), and everywhere else only as it is known
 * otherwise: the secret opens everything, such a token these.
 *
 * @throws Fault `client_authentication_failed`, `scope_insufficient`, and what `otherwise` throws
 */
export function createReceiverAuthenticator(
  deps: ReceiverDeps,
  otherwise: Authenticators['gateway'],
): Authenticators['gateway'] {
  const prefix = `${deps.config.issuer}/ssf/`;
  return async (presented) => {
    const token = /^bearer ([\w.-]{1,4096})$/i.exec(presented.header('authorization') ?? '')?.[1];
    const isOurs = presented.url.startsWith(prefix) && presented.url !== deps.config.issuer + receiverTokenPath;
    if (token === undefined || !isOurs) return await otherwise(presented);
    const claims = await readReceiverToken(deps, token, presented.now);
    if (claims === undefined) throw refused('client_authentication_failed', 'invalid_token');
    if (!scopesFor(presented, prefix).some((scope) => claims.scopes.includes(scope)))
      throw refused('scope_insufficient', 'insufficient_scope');
    // Removed gateways have no say, whatever they still hold.
    const row = await deps.store.read
      .selectFrom('gateways')
      .select(['id', 'resources'])
      .where('id', '=', claims.gateway)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) throw refused('client_authentication_failed', 'invalid_token');
    return { kind: 'gateway', id: row.id, resources: JSON.parse(row.resources) as string[] };
  };
}

/** Any of these will do (CAEP interoperability profile, "OAuth Scopes"). Polling reads; that it also acknowledges is part of it. */
function scopesFor({ method, url }: Presented, prefix: string): string[] {
  const isReading = method === 'GET' || method === 'HEAD' || url === `${prefix}poll`;
  return isReading ? ['ssf.read', 'ssf.manage'] : ['ssf.manage'];
}

/** RFC 6750 section 3.1. */
function refused(code: 'client_authentication_failed' | 'scope_insufficient', error: string): Fault {
  return new Fault(code, { headers: { 'WWW-Authenticate': `Bearer realm="postern", error="${error}"` } });
}
