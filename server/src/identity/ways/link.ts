import { z } from 'zod';
import { userSchema } from '@postern/shared/protocol/admin';
import { defineRoute } from '../../http/route.ts';
import { refuseOtherOrigin } from '../origin.ts';
import { readUser, userView } from '../read-user.ts';
import { sessionCookie } from '../sessions/session-cookie.ts';
import { signInByLink } from '../sign-in-links.ts';
import type { Way } from './way.ts';

/** A one-time link: for the first admin, for whoever has nothing else yet, and for who lost what they had. */
export const linkWay: Way = {
  offers: () => [],
  routes: (deps) => [
    defineRoute({
      method: 'POST',
      path: '/v1/admin/session',
      summary: 'Sign in with a one-time link; sets the session cookie',
      audience: 'open',
      rate: 'sign-in',
      body: { type: 'json', schema: z.strictObject({ code: z.string().min(16).max(256) }).meta({ id: 'SignIn' }) },
      replies: { 200: userSchema },
      errors: ['sign_in_link_invalid', 'origin_refused'],
      async handle({ body, header, remoteAddress, now }) {
        // Another site could sign its visitors in as somebody it knows, and read what they then enter.
        const isBrowser = header('origin') !== undefined || header('sec-fetch-site') !== undefined;
        if (isBrowser) refuseOtherOrigin(deps.config.issuer, header);
        const { session, userId } = await signInByLink(deps, body.code, { header, remoteAddress }, now);
        return {
          status: 200,
          body: userView(await readUser(deps.store, userId)),
          headers: { 'set-cookie': sessionCookie(deps.config, session) },
        };
      },
    }),
  ],
};
