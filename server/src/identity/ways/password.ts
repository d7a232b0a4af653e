import { codeSignInSchema, passwordSignInSchema, signedInSchema } from '@postern/shared/protocol/sign-in';
import { toTimestamp } from '@postern/shared/time';
import { defineRoute, type Reply } from '../../http/route.ts';
import { refuseOtherOrigin } from '../origin.ts';
import { createPasswordHashes } from '../passwords/hash.ts';
import { readUser, userView } from '../read-user.ts';
import { sessionCookie } from '../sessions/session-cookie.ts';
import { type Entered, enterCode, enterPassword } from './password-steps.ts';
import type { Way, WayDeps } from './way.ts';

const ofBrowsers = { audience: 'open', rate: 'sign-in', method: 'POST' } as const;

/** An e-mail address and a password, for those without a provider; and a code, where there is an authenticator app. */
export const passwordWay: Way = {
  offers: ({ signIn }) => (signIn.passwords ? [{ way: 'password' }] : []),
  routes(deps) {
    const hashes = createPasswordHashes(deps.config.masterSecret);
    return [
      defineRoute({
        ...ofBrowsers,
        path: '/v1/sign-in/password',
        summary: 'Sign in with a password; sets the session cookie, or says what is still missing',
        body: { type: 'json', schema: passwordSignInSchema },
        replies: { 200: signedInSchema },
        errors: ['origin_refused', 'sign_in_refused', 'sign_in_factor_missing', 'unavailable'],
        async handle({ body, header, remoteAddress, now }) {
          refuseOtherOrigin(deps.config.issuer, header);
          return replyOf(deps, await enterPassword({ ...deps, hashes }, body, { header, remoteAddress }, now));
        },
      }),
      defineRoute({
        ...ofBrowsers,
        path: '/v1/sign-in/password/code',
        summary: 'The second step of a sign-in with a password: a code of the authenticator app',
        body: { type: 'json', schema: codeSignInSchema },
        replies: { 200: signedInSchema },
        errors: ['origin_refused', 'sign_in_lost', 'step_up_invalid', 'step_up_locked', 'conflict'],
        async handle({ body, header, remoteAddress, now }) {
          refuseOtherOrigin(deps.config.issuer, header);
          return replyOf(deps, await enterCode(deps, body.code, { header, remoteAddress }, now));
        },
      }),
    ];
  },
};

async function replyOf({ store, config }: WayDeps, entered: Entered): Promise<Reply> {
  if ('session' in entered) {
    const person = userView(await readUser(store, entered.personId));
    const headers = { 'set-cookie': sessionCookie(config, entered.session) };
    return { status: 200, body: { state: 'signed-in', person }, headers };
  }
  const body = { state: 'second-factor', ways: entered.ways, expiresAt: toTimestamp(entered.expiresAt) };
  return { status: 200, body, headers: { 'set-cookie': entered.cookie } };
}
