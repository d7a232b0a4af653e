import { appConfirmationSchema, newAuthenticatorAppSchema } from '@postern/shared/protocol/me';
import { proofSchema } from '@postern/shared/protocol/step-up';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { beginApp, confirmApp, removeApp } from './authenticator-app.ts';
import { callerOf, everyone, proofErrors } from './route-parts.ts';

/** One's own authenticator app (TOTP, RFC 6238). */
export function authenticatorAppRoutes(deps: Pick<Deps, 'store' | 'config' | 'random'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/me/authenticator-app',
      summary: 'Begin to add an authenticator app; its secret is shown once, and counts when a code of it is confirmed',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      body: { type: 'json', schema: proofSchema },
      replies: { 201: newAuthenticatorAppSchema },
      errors: [...proofErrors, 'second_factor_taken'],
      async handle({ body: { stepUp: answer }, caller, now }) {
        const by = await callerOf(deps.store, caller);
        return { status: 201, body: await beginApp(deps, { by, answer }, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/authenticator-app/confirm',
      summary: 'Take the authenticator app into use with a code of it, within 15 minutes',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      body: { type: 'json', schema: appConfirmationSchema },
      replies: { 204: null },
      errors: ['not_found', 'second_factor_taken', 'step_up_invalid', 'step_up_locked', 'conflict'],
      async handle({ body: { code }, caller, now }) {
        await confirmApp(deps, asPerson(caller).id, code, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/v1/me/authenticator-app',
      summary: 'Remove your authenticator app; needs a code of it or a passkey',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      body: { type: 'json', schema: proofSchema },
      replies: { 204: null },
      errors: [...proofErrors, 'not_found'],
      async handle({ body: { stepUp: answer }, caller, now }) {
        await removeApp(deps, { by: asPerson(caller), answer }, now);
        return { status: 204 };
      },
    }),
  ];
}
