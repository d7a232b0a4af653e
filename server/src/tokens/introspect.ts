import { sameSecret } from '@postern/shared/digest';
import {
  type AccessTokenClaims,
  accessTokenClaimsSchema,
  introspectionAnswerSchema,
  tokenReferenceSchema,
} from '@postern/shared/protocol/token';
import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deviceQuery, factsOf } from '../devices/index.ts';
import { asGateway, type GatewayCaller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { preparedQuery } from '../storage/prepared-query.ts';
import { accessTokenType } from './access-token.ts';
import { decide } from './decide.ts';

type IntrospectDeps = Pick<Deps, 'config' | 'store' | 'policies' | 'signingKeys'>;

/** `POST /oauth/introspect` (RFC 7662): whether a token is worth anything at this instant, for a gateway that it is for. */
export function introspectionEndpoint(deps: IntrospectDeps): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/oauth/introspect',
    summary: 'Ask whether an access token is good now',
    audience: 'gateway',
    rate: 'gateway',
    body: { type: 'form', schema: tokenReferenceSchema, maxBytes: 16_384 },
    replies: { 200: introspectionAnswerSchema },
    errors: ['client_authentication_failed'],
    async handle({ body, caller, now }) {
      const claims = await findLiveClaims(deps, body.token, asGateway(caller), now);
      return {
        status: 200,
        headers: { 'Cache-Control': 'no-store' },
        body: claims === undefined ? { active: false } : { ...claims, active: true, token_type: 'DPoP' },
      };
    },
  });
}

/** The device of a token that was not revoked. */
const rowsOfToken = preparedQuery((read, id) =>
  deviceQuery(read)
    .innerJoin('access_tokens', 'access_tokens.device_id', 'devices.id')
    .where('access_tokens.id', '=', id)
    .where('access_tokens.revoked_at', 'is', null),
);

/**
 * The claims of a token that is good for this gateway now, otherwise undefined, without saying why. What was true when
 * the token was made is asked again: the same decision, over the facts of this instant, in one read.
 */
async function findLiveClaims(
  deps: IntrospectDeps,
  token: string,
  gateway: GatewayCaller,
  now: Instant,
): Promise<AccessTokenClaims | undefined> {
  const claims = await readOwnToken(deps, token);
  if (claims === undefined || !gateway.resources.includes(claims.aud) || claims.exp * second <= now) return undefined;

  const rows = await rowsOfToken(deps.store.read, claims.jti);
  const facts = factsOf(rows);
  if (facts === undefined || facts.id !== claims.device_id || facts.owner.id !== claims.owner) return undefined;
  if (!sameSecret(facts.jkt, claims.cnf.jkt)) return undefined;

  const decision = decide(facts, await deps.policies.at(facts.policyEpoch), claims.aud, now);
  if (!decision.granted) return undefined;
  // The access that it was issued under, and no other: what has ended or was given anew ends the token.
  const { grant } = decision;
  if (grant?.id !== claims.grant?.id || grant?.role !== claims.grant?.role) return undefined;
  const isLeanedOnStill = (exception: string) => decision.exceptions.includes(exception);
  return (claims.posture.exc ?? []).every(isLeanedOnStill) ? claims : undefined;
}

/** The claims of a token that this backend signed, expired or not; undefined for anything else. */
export async function readOwnToken(
  { config, signingKeys }: Pick<Deps, 'config' | 'signingKeys'>,
  token: string,
): Promise<AccessTokenClaims | undefined> {
  const claims = accessTokenClaimsSchema.safeParse(await signingKeys.verify(token, accessTokenType)).data;
  return claims?.iss === config.issuer ? claims : undefined;
}
