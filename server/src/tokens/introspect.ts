import {
  type AccessTokenClaims,
  introspectionAnswerSchema,
  ownerOf,
  tokenReferenceSchema,
} from '@postern/shared/protocol/token';
import { createKnownGateways, readBasicCredentials } from '../gateways/index.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { findLiveToken, type LiveTokenDeps } from './live-token.ts';
import { createTokenReader } from './token-reader.ts';

/**
 * `POST /oauth/introspect` (RFC 7662): whether a token is worth anything at this instant, for a gateway that it is for.
 * It says no more than that it is not. One read, in which the gateway is asked about too.
 */
export function introspectionEndpoint(deps: LiveTokenDeps): AnyRoute {
  const gateways = createKnownGateways(deps.store);
  const readToken = createTokenReader(deps);
  return defineRoute({
    method: 'POST',
    path: '/oauth/introspect',
    summary: 'Ask whether an access token is good now. For gateways, by HTTP Basic.',
    audience: 'open',
    rate: 'gateway',
    body: { type: 'form', schema: tokenReferenceSchema, maxBytes: 16_384 },
    replies: { 200: introspectionAnswerSchema },
    errors: ['client_authentication_failed'],
    async handle({ body, header, now }) {
      const gateway = await gateways.recognise(readBasicCredentials(header('authorization')));
      const claims = await readToken(body.token);
      const state = claims === undefined ? undefined : await findLiveToken(deps, claims, gateway.resources, now);
      await gateways.confirm(gateway, state?.gatewayEpoch ?? null);
      return {
        status: 200,
        headers: { 'Cache-Control': 'no-store' },
        body: claims !== undefined && state?.live === true ? answerOf(claims) : { active: false },
      };
    },
  });
}

/** Says whose device it is in every answer: here nothing has to stay short. */
function answerOf(claims: Readonly<AccessTokenClaims>) {
  return { ...claims, owner: ownerOf(claims), active: true, token_type: 'DPoP' };
}
