import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import { type ReceiverScope, receiverScopes, receiverTokenAnswerSchema } from '@postern/shared/protocol/signal';
import { type Instant, minute, second, toNumericDate } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asGateway } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';

type TokenDeps = Pick<Deps, 'signingKeys' | 'random'> & { config: Pick<Deps['config'], 'issuer'> };

/** None that anybody else takes: neither an access token for a resource nor a signal can be taken for one, or it for them. */
const receiverTokenType = 'ssf-receiver+jwt';
const lifeMs = 10 * minute;

export const receiverTokenPath = '/ssf/token';

const requestSchema = z.object({ grant_type: z.string().max(128), scope: z.string().max(256).optional() });

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  scope: z.string(),
  iat: z.int(),
  exp: z.int(),
});

/**
 * `POST /ssf/token` (RFC 6749 section 4.4): an access token for the endpoints of signals, for receivers that want OAuth and
 * not a secret in every request (CAEP interoperability profile, "OAuth Service").
 */
export function receiverTokenRoute({ config, signingKeys, random }: TokenDeps): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: receiverTokenPath,
    summary: 'Ask for an access token for the endpoints of signals, as a gateway',
    audience: 'gateway',
    rate: 'token',
    body: { type: 'form', schema: requestSchema, maxBytes: 4096 },
    replies: { 200: receiverTokenAnswerSchema },
    errors: ['grant_unsupported', 'scope_invalid'],
    async handle({ body, caller, now }) {
      if (body.grant_type !== 'client_credentials') throw new Fault('grant_unsupported');
      const scope = scopesOf(body.scope).join(' ');
      const { id } = asGateway(caller);
      const claims = {
        iss: config.issuer,
        aud: audienceOf(config),
        sub: id,
        client_id: id,
        scope,
        jti: random.uuid(),
        iat: toNumericDate(now),
        exp: toNumericDate(now + lifeMs),
      };
      const token = await signingKeys.sign(claims, receiverTokenType, now);
      const answer = { access_token: token, token_type: 'Bearer' as const, expires_in: lifeMs / second, scope };
      return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: answer };
    },
  });
}

/** The gateway and the scopes of such a token while it is good; undefined for anything else. */
export async function readReceiverToken(
  { config, signingKeys }: Pick<TokenDeps, 'config' | 'signingKeys'>,
  token: string,
  now: Instant,
): Promise<{ gateway: string; scopes: string[] } | undefined> {
  const claims = claimsSchema.safeParse(await signingKeys.verify(token, receiverTokenType)).data;
  if (claims?.iss !== config.issuer || claims.aud !== audienceOf(config)) return undefined;
  if (claims.exp * second <= now || claims.iat * second > now + minute) return undefined;
  return { gateway: claims.sub, scopes: claims.scope.split(' ') };
}

function audienceOf({ issuer }: TokenDeps['config']): string {
  return `${issuer}/ssf`;
}

/** Without a wish all there are (RFC 6749 section 3.3). */
function scopesOf(wish: string | undefined): ReceiverScope[] {
  if (wish === undefined) return [...receiverScopes];
  const scopes = receiverScopes.filter((scope) => wish.split(' ').includes(scope));
  if (scopes.length !== new Set(wish.split(' ')).size) throw new Fault('scope_invalid');
  return scopes;
}
