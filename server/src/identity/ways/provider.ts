import { z } from 'zod';
import { consolePath } from '@postern/shared/console-path';
import { Fault } from '@postern/shared/protocol/errors';
import type { SignInProvider } from '../../config.ts';
import { defineRoute, type Reply } from '../../http/route.ts';
import { createProviderClient, type ProviderClient } from '../providers/client.ts';
import { sessionCookie } from '../sessions/session-cookie.ts';
import { beginAtProvider, comeBack } from './provider-steps.ts';
import type { Way, WayDeps } from './way.ts';

const ofBrowsers = { method: 'GET', audience: 'open', rate: 'sign-in', replies: { 302: null } } as const;
const params = z.strictObject({
  provider: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be the id of a provider')
    .meta({ description: 'Id of a configured provider', example: 'company' }),
});
const said = z.string().max(8192).optional();

/** An OpenID provider: people go there, show who they are, and are sent back with a code that only this browser can use. */
export const providerWay: Way = {
  offers: ({ signIn }) => signIn.providers.map(({ id, title }) => ({ way: 'provider', id, title })),
  routes(deps) {
    const clients = new Map(deps.config.signIn.providers.map((each) => [each.id, createProviderClient(each)]));
    const chosen = (id: string): { provider: SignInProvider; client: ProviderClient } => {
      const provider = deps.config.signIn.providers.find((each) => each.id === id);
      const client = clients.get(id);
      if (provider === undefined || client === undefined) throw new Fault('not_found');
      return { provider, client };
    };
    return [
      defineRoute({
        ...ofBrowsers,
        path: '/v1/sign-in/providers/{provider}',
        summary: 'Sign in with an OpenID provider: leads there; `fresh` asks it to ask again who one is',
        params,
        query: z.strictObject({ to: z.string().max(2048).optional(), fresh: z.enum(['true', 'false']).optional() }),
        errors: ['not_found', 'identity_provider_unavailable'],
        refuse: (fault, { header }) => toSignIn(deps, fault, header('accept')),
        async handle({ params: { provider: id }, query: { to, fresh }, now }) {
          const { provider, client } = chosen(id);
          const wish = { returnTo: consolePath(to), isFresh: fresh === 'true' };
          const { address, cookie } = await beginAtProvider(deps, provider, await client(), wish, now);
          return { status: 302, headers: { Location: address, 'set-cookie': cookie } };
        },
      }),
      defineRoute({
        ...ofBrowsers,
        path: '/v1/sign-in/providers/{provider}/callback',
        summary: 'Where an OpenID provider sends people back to; sets the session cookie and leads on to the console',
        params,
        // What a provider says is the library's to read: some add parameters of their own.
        query: z.looseObject({ code: said, state: said, iss: said, error: said }),
        errors: [
          'not_found',
          'sign_in_lost',
          'sign_in_refused',
          'sign_in_unknown_person',
          'identity_provider_unavailable',
        ],
        refuse: (fault, { header }) => toSignIn(deps, fault, header('accept')),
        async handle({ params: { provider: id }, query, header, remoteAddress, now }) {
          const { provider, client } = chosen(id);
          const browser = { header, remoteAddress };
          const { session, returnTo } = await comeBack(deps, provider, client, { query: textsOf(query), browser }, now);
          const headers = {
            Location: `${deps.config.issuer}/console${returnTo}`,
            'set-cookie': sessionCookie(deps.config, session),
          };
          return { status: 302, headers };
        },
      }),
    ];
  },
};

/** A person on their way is shown the sign-in screen again, which says what happened by the code; a program gets its JSON. */
function toSignIn({ config }: WayDeps, { code, headers }: Fault, accept: string | undefined): Reply | undefined {
  if (accept?.includes('text/html') !== true) return undefined;
  return { status: 302, headers: { ...headers, Location: `${config.issuer}/console/sign-in?problem=${code}` } };
}

/** What came along, as it came; a parameter that is given twice was refused before. */
function textsOf(query: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
  );
}
