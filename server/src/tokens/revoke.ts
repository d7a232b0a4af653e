import { Fault } from '@postern/shared/protocol/errors';
import { type AccessTokenClaims, revocationRequestSchema } from '@postern/shared/protocol/token';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { readDeviceFacts } from '../devices/index.ts';
import { createGatewayAuthenticator } from '../gateways/index.ts';
import { type AnyRoute, defineRoute, type Request } from '../http/route.ts';
import { updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import {
  assertionErrors,
  readClientAssertion,
  refuseUnknown,
  verifyClientAssertion,
} from './client-authentication/index.ts';
import { readOwnToken } from './token-reader.ts';
import { type Attempt, commitSpending, newAttempt, refuse } from './refusals.ts';
import type { z } from 'zod';

type RevokeDeps = Pick<Deps, 'config' | 'store' | 'signingKeys' | 'anonymousRefusals'>;
type RevocationRequest = Request<unknown, unknown, z.output<typeof revocationRequestSchema>>;

/** Who asks, and which tokens they may end. */
interface Revoker {
  actor: Actor;
  mayEnd(claims: AccessTokenClaims): boolean;
}

const path = '/oauth/revoke';

/**
 * `POST /oauth/revoke` (RFC 7009): by the device that the token was issued to, or a gateway that it is for. A token that is
 * unknown, ended or none at all is answered like one that was ended just now (section 2.2).
 */
export function revocationEndpoint(deps: RevokeDeps): AnyRoute {
  const { config, store } = deps;
  const authenticateGateway = createGatewayAuthenticator({ store });

  async function identify(request: RevocationRequest, attempt: Attempt): Promise<Revoker> {
    if (request.header('authorization') !== undefined) {
      const gateway = await authenticateGateway(request);
      return {
        actor: { kind: 'gateway', id: gateway.id },
        mayEnd: (claims) => gateway.resources.includes(claims.aud),
      };
    }
    const assertion = readClientAssertion(request.body);
    attempt.deviceId = assertion.deviceId;
    const verify = (device: Parameters<typeof verifyClientAssertion>[1]) =>
      verifyClientAssertion(assertion, device, config.issuer, request.now);
    const facts =
      (await readDeviceFacts(store.read, { id: assertion.deviceId })) ?? refuseUnknown({ verify }, request.now);
    attempt.spent.push(verify(facts));
    attempt.authenticated = true;
    return { actor: { kind: 'device', id: facts.id }, mayEnd: (claims) => claims.device_id === facts.id };
  }

  async function revoke(request: RevocationRequest, attempt: Attempt): Promise<void> {
    const revoker = await identify(request, attempt);
    const claims = await readOwnToken(deps, request.body.token);
    if (claims === undefined) return commitSpending(store, attempt.spent, { changes: [], audit: [] });
    if (!revoker.mayEnd(claims)) throw new Fault('token_foreign');
    try {
      await commitSpending(store, attempt.spent, {
        changes: [updateOne('access_tokens', { id: claims.jti, revoked_at: null }, { revoked_at: request.now })],
        audit: [
          {
            at: request.now,
            type: 'token.revoked',
            outcome: 'success',
            actor: revoker.actor,
            subject: { kind: 'token', id: claims.jti },
            data: { device: claims.device_id, resource: claims.aud },
          },
        ],
      });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      await commitSpending(store, attempt.spent, { changes: [], audit: [] });
    }
  }

  return defineRoute({
    method: 'POST',
    path,
    summary: 'End an access token before its time',
    audience: 'open',
    // Devices call it as they call the token endpoint: the roomy class of gateways would be a way around that limit.
    rate: 'token',
    body: { type: 'form', schema: revocationRequestSchema, maxBytes: 16_384 },
    replies: { 200: null },
    errors: ['client_authentication_failed', 'device_unknown', 'token_foreign', ...assertionErrors],
    async handle(request) {
      const attempt = newAttempt(path, request.now);
      try {
        await revoke(request, attempt);
      } catch (error) {
        throw error instanceof Fault ? await refuse(deps, attempt, error) : error;
      }
      return { status: 200, headers: { 'Cache-Control': 'no-store' } };
    },
  });
}
