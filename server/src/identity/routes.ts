import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import {
  roles,
  readerRoles,
  apiTokenSchema,
  apiTokenSummarySchema,
  newApiTokenSchema,
  newUserSchema,
  userChangeSchema,
  userSchema,
} from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import { parseDuration, timestampSchema } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson, type PersonCaller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { refuseOtherOrigin } from './authenticate.ts';
import { createApiToken, listApiTokens, revokeApiToken } from './api-tokens.ts';
import { clearedCookie, sessionCookie, sessionOf } from './session-cookie.ts';
import { createSignInLink, signIn, signOut } from './sign-in.ts';
import { changeUser, createUser, userView } from './users.ts';

const params = z.strictObject({ id: idSchema('user') });

/** People, their sessions and their API tokens. */
export function identityRoutes(deps: Pick<Deps, 'store' | 'config' | 'random'>): AnyRoute[] {
  const { store, config } = deps;
  const actorOf = (person: PersonCaller) => ({ kind: 'person' as const, id: person.id });
  const readUser = async (id: string) => {
    const row = await store.read.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new Fault('not_found');
    return row;
  };

  return [
    defineRoute({
      method: 'POST',
      path: '/v1/admin/session',
      summary: 'Sign in with a one-time link; sets the session cookie',
      audience: 'open',
      rate: 'sign-in',
      body: { type: 'json', schema: z.strictObject({ code: z.string().min(16).max(256) }).meta({ id: 'SignIn' }) },
      replies: { 200: userSchema },
      errors: ['sign_in_link_invalid', 'origin_refused'],
      async handle({ body, header, now }) {
        // Another site could sign its visitors in as somebody it knows, and read what they then enter.
        if (header('origin') !== undefined) refuseOtherOrigin(config.issuer, header('origin'));
        const { session, userId } = await signIn(deps, body.code, now);
        return {
          status: 200,
          body: userView(await readUser(userId)),
          headers: { 'set-cookie': sessionCookie(config.issuer, session) },
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/session',
      summary: 'Who is signed in',
      audience: 'person',
      roles,
      rate: 'admin',
      replies: { 200: userSchema },
      errors: [],
      async handle({ caller }) {
        return { status: 200, body: userView(await readUser(asPerson(caller).id)) };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/v1/admin/session',
      summary: 'Sign out',
      audience: 'person',
      roles,
      rate: 'admin',
      replies: { 204: null },
      errors: [],
      async handle({ caller, header, now }) {
        const session = sessionOf(config.issuer, header('cookie'));
        if (session !== undefined) await signOut(deps, session, asPerson(caller).id, now);
        return { status: 204, headers: { 'set-cookie': clearedCookie(config.issuer) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/users',
      summary: 'All people',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      replies: { 200: z.strictObject({ items: z.array(userSchema) }) },
      errors: [],
      async handle() {
        const rows = await store.read.selectFrom('users').selectAll().orderBy('name').orderBy('id').execute();
        return { status: 200, body: { items: rows.map(userView) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/users',
      summary: 'Add a person',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      body: { type: 'json', schema: newUserSchema },
      replies: { 201: userSchema },
      errors: ['email_taken', 'conflict'],
      async handle({ body, caller, now }) {
        return { status: 201, body: userView(await createUser(deps, body, actorOf(asPerson(caller)), now)) };
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/v1/admin/users/{id}',
      summary: "Change a person's name, roles, groups, manager or standing",
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params,
      body: { type: 'json', schema: userChangeSchema },
      replies: { 200: userSchema },
      errors: ['not_found', 'last_admin', 'conflict'],
      async handle({ params: { id }, body, caller, now }) {
        return { status: 200, body: userView(await changeUser(deps, id, body, actorOf(asPerson(caller)), now)) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/users/{id}/api-tokens',
      summary: 'Make an admin API token for a person; its secret is shown once',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params,
      body: { type: 'json', schema: newApiTokenSchema },
      replies: { 201: apiTokenSchema },
      errors: ['not_found'],
      async handle({ params: { id }, body, caller, now }) {
        const user = await readUser(id);
        const person = asPerson(caller);
        // Whoever makes one for somebody else shows who they are themselves, which proves nothing of the other.
        const authenticatedAt = user.id === person.id ? person.authenticatedAt : 0;
        const wish = { userId: user.id, label: body.label, lifeMs: parseDuration(body.life) ?? 0, authenticatedAt };
        return { status: 201, body: await createApiToken(deps, wish, actorOf(person), now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/users/{id}/api-tokens',
      summary: 'The admin API tokens of a person, without their secrets',
      audience: 'person',
      roles: ['admin', 'auditor'],
      rate: 'admin',
      params,
      replies: { 200: z.strictObject({ items: z.array(apiTokenSummarySchema) }) },
      errors: ['not_found'],
      async handle({ params: { id } }) {
        const user = await readUser(id);
        return { status: 200, body: { items: await listApiTokens(deps, user.id) } };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/v1/admin/users/{id}/api-tokens/{tokenId}',
      summary: 'Revoke an admin API token; it is good no more from this instant',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: params.extend({ tokenId: idSchema('adminToken') }),
      replies: { 204: null },
      errors: ['not_found'],
      async handle({ params: { id, tokenId }, caller, now }) {
        await revokeApiToken(deps, { id: tokenId, userId: id }, actorOf(asPerson(caller)), now);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/users/{id}/sign-in-links',
      summary: 'Make a one-time sign-in link for a person',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params,
      body: { type: 'json', schema: z.strictObject({}) },
      replies: { 201: z.strictObject({ link: z.string(), expiresAt: timestampSchema }).meta({ id: 'SignInLink' }) },
      errors: ['not_found'],
      async handle({ params: { id }, caller, now }) {
        const user = await readUser(id);
        return {
          status: 201,
          body: await createSignInLink(deps, user.id, actorOf(asPerson(caller)), now, asPerson(caller).authenticatedAt),
        };
      },
    }),
  ];
}
