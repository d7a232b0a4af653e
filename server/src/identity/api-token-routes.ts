import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { apiTokenSchema, apiTokenSummarySchema, newApiTokenSchema } from '@postern/shared/protocol/admin';
import { parseDuration } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { createApiToken, listApiTokens, revokeApiToken } from './api-tokens.ts';
import { readUser } from './read-user.ts';

const params = z.strictObject({ id: idSchema('user') });
const byAdmins = { audience: 'person', roles: ['admin'], rate: 'admin' } as const;

/** Admin API tokens: what programs act as a person with. */
export function apiTokenRoutes(deps: Pick<Deps, 'store' | 'random'>): AnyRoute[] {
  return [
    defineRoute({
      ...byAdmins,
      method: 'POST',
      path: '/v1/admin/users/{id}/api-tokens',
      summary: 'Make an admin API token for a person; its secret is shown once',
      params,
      body: { type: 'json', schema: newApiTokenSchema },
      replies: { 201: apiTokenSchema },
      errors: ['not_found'],
      async handle({ params: { id }, body, caller, now }) {
        const user = await readUser(deps.store, id);
        const person = asPerson(caller);
        // Whoever makes one for somebody else shows who they are themselves, which proves nothing of the other.
        const authenticatedAt = user.id === person.id ? person.authenticatedAt : 0;
        const wish = { userId: user.id, label: body.label, lifeMs: parseDuration(body.life) ?? 0, authenticatedAt };
        return { status: 201, body: await createApiToken(deps, wish, { kind: 'person', id: person.id }, now) };
      },
    }),
    defineRoute({
      ...byAdmins,
      roles: ['admin', 'auditor'],
      method: 'GET',
      path: '/v1/admin/users/{id}/api-tokens',
      summary: 'The admin API tokens of a person, without their secrets',
      params,
      replies: { 200: z.strictObject({ items: z.array(apiTokenSummarySchema) }) },
      errors: ['not_found'],
      async handle({ params: { id } }) {
        const user = await readUser(deps.store, id);
        return { status: 200, body: { items: await listApiTokens(deps, user.id) } };
      },
    }),
    defineRoute({
      ...byAdmins,
      method: 'DELETE',
      path: '/v1/admin/users/{id}/api-tokens/{tokenId}',
      summary: 'Revoke an admin API token; it is good no more from this instant',
      params: params.extend({ tokenId: idSchema('adminToken') }),
      replies: { 204: null },
      errors: ['not_found'],
      async handle({ params: { id, tokenId }, caller, now }) {
        const actor = { kind: 'person', id: asPerson(caller).id } as const;
        await revokeApiToken(deps, { id: tokenId, userId: id }, actor, now);
        return { status: 204 };
      },
    }),
  ];
}
