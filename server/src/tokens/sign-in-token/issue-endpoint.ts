import { type Id, toId } from '@postern/shared/ids';
import { roles } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import { newSignInTokenSchema, signInTokenSchema } from '@postern/shared/protocol/me';
import { minute, second, toNumericDate, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { readDeviceFacts } from '../../devices/index.ts';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { signInAudience, type SignInTokenClaims, signInTokenType } from './subject-token.ts';

const lifeMs = 5 * minute;

/**
 * `POST /v1/me/sign-in-tokens`: somebody who is signed in says that they are at one of their devices. The device exchanges
 * what they get for a token for them (RFC 8693), within five minutes, once.
 */
export function signInTokenEndpoint({
  config: { issuer },
  store,
  random,
  signingKeys,
}: Pick<Deps, 'config' | 'store' | 'random' | 'signingKeys'>): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/v1/me/sign-in-tokens',
    summary: 'Make a token that one of your devices exchanges for access tokens in your name, once',
    audience: 'person',
    roles,
    rate: 'admin',
    body: { type: 'json', schema: newSignInTokenSchema },
    replies: { 201: signInTokenSchema },
    errors: ['session_required', 'not_found'],
    async handle({ body, caller, now }) {
      const person = asPerson(caller);
      if (person.via !== 'session') throw new Fault('session_required');
      const device = await readDeviceFacts(store.read, { id: body.device });
      if (device === undefined || device.owner.id !== person.id || device.state === 'retired')
        throw new Fault('not_found');
      const iat = toNumericDate(now);
      const claims: SignInTokenClaims = {
        iss: issuer,
        aud: signInAudience(issuer),
        sub: person.id as Id<'user'>,
        device_id: body.device,
        jti: toId('signIn', random.uuid()),
        iat,
        exp: iat + lifeMs / second,
        auth_time: toNumericDate(person.authenticatedAt),
      };
      const token = await signingKeys.sign(claims, signInTokenType, now);
      await store.commit({
        changes: [],
        audit: [
          {
            at: now,
            type: 'sign-in-token.created',
            outcome: 'success',
            actor: { kind: 'person', id: person.id },
            subject: { kind: 'person', id: person.id },
            data: { device: body.device, id: claims.jti, expiresAt: claims.exp * second },
          },
        ],
      });
      return {
        status: 201,
        headers: { 'Cache-Control': 'no-store' },
        body: { token, expiresAt: toTimestamp(claims.exp * second) },
      };
    },
  });
}
