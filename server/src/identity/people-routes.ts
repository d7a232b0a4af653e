import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import {
  newUserSchema,
  pageQuerySchema,
  pageSchema,
  readerRoles,
  userChangeSchema,
  userSchema,
} from '@postern/shared/protocol/admin';
import { userDetailSchema, userQuery } from '@postern/shared/protocol/sign-in';
import { timestampSchema } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson, type PersonCaller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { listUsers } from './list-users.ts';
import { readUser, userView } from './read-user.ts';
import { createSignInLink } from './sign-in-links.ts';
import { userDetail } from './user-detail.ts';
import { changeUser, createUser } from './users.ts';

const params = z.strictObject({ id: idSchema('user') });
const byAdmins = { audience: 'person', roles: ['admin'], rate: 'admin' } as const;
const byReaders = { ...byAdmins, method: 'GET', roles: readerRoles } as const;

/** People, their roles, and links for those who have nothing else to sign in with. */
export function peopleRoutes(deps: Pick<Deps, 'store' | 'config' | 'random'>): AnyRoute[] {
  const actorOf = (person: PersonCaller) => ({ kind: 'person' as const, id: person.id });
  return [
    defineRoute({
      ...byReaders,
      path: '/v1/admin/users',
      summary: 'People, by name',
      query: pageQuerySchema.extend({ ...userQuery, after: z.string().min(1).max(2048).optional() }),
      replies: { 200: pageSchema(userSchema) },
      errors: [],
      async handle({ query: { active, ...filter } }) {
        const body = await listUsers(deps, { ...filter, active: active === undefined ? undefined : active === 'true' });
        return { status: 200, body };
      },
    }),
    defineRoute({
      ...byReaders,
      path: '/v1/admin/users/{id}',
      summary: 'A person, and what they sign in with',
      params,
      replies: { 200: userDetailSchema },
      errors: ['not_found'],
      async handle({ params: { id }, now }) {
        return { status: 200, body: await userDetail(deps, id, now) };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'POST',
      path: '/v1/admin/users',
      summary: 'Add a person',
      body: { type: 'json', schema: newUserSchema },
      replies: { 201: userSchema },
      errors: ['email_taken', 'conflict'],
      async handle({ body, caller, now }) {
        return { status: 201, body: userView(await createUser(deps, body, actorOf(asPerson(caller)), now)) };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'PATCH',
      path: '/v1/admin/users/{id}',
      summary: "Change a person's name, roles, groups, manager or standing",
      params,
      body: { type: 'json', schema: userChangeSchema },
      replies: { 200: userSchema },
      errors: ['not_found', 'last_admin', 'conflict'],
      async handle({ params: { id }, body, caller, now }) {
        return { status: 200, body: userView(await changeUser(deps, id, body, actorOf(asPerson(caller)), now)) };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'POST',
      path: '/v1/admin/users/{id}/sign-in-links',
      summary: 'Make a one-time sign-in link for a person',
      params,
      body: { type: 'json', schema: z.strictObject({}) },
      replies: { 201: z.strictObject({ link: z.string(), expiresAt: timestampSchema }).meta({ id: 'SignInLink' }) },
      errors: ['not_found'],
      async handle({ params: { id }, caller, now }) {
        const user = await readUser(deps.store, id);
        const { authenticatedAt } = asPerson(caller);
        return {
          status: 201,
          body: await createSignInLink(deps, user.id, actorOf(asPerson(caller)), now, authenticatedAt),
        };
      },
    }),
  ];
}
