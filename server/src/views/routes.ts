import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { roles } from '@postern/shared/protocol/admin';
import { newSavedViewSchema, savedViewQuerySchema, savedViewSchema } from '@postern/shared/protocol/saved-view';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { forgetView, listViews, saveView } from './views.ts';

const byEverybody = { audience: 'person', roles, rate: 'admin' } as const;

/** Filters of lists that people gave a name: each their own. */
export function viewRoutes(deps: Pick<Deps, 'store' | 'random'>): AnyRoute[] {
  return [
    defineRoute({
      ...byEverybody,
      method: 'GET',
      path: '/v1/me/views',
      summary: 'Filters of lists that I gave a name',
      query: savedViewQuerySchema,
      replies: { 200: z.strictObject({ items: z.array(savedViewSchema) }) },
      errors: [],
      async handle({ query: { screen }, caller }) {
        return { status: 200, body: { items: await listViews(deps, asPerson(caller).id, screen) } };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'POST',
      path: '/v1/me/views',
      summary: 'Give the filters of a list a name',
      body: { type: 'json', schema: newSavedViewSchema },
      replies: { 201: savedViewSchema },
      errors: ['saved_view_name_taken', 'saved_views_too_many'],
      async handle({ body, caller, now }) {
        return { status: 201, body: await saveView(deps, asPerson(caller).id, body, now) };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'DELETE',
      path: '/v1/me/views/{id}',
      summary: 'Forget a name that I gave to filters',
      params: z.strictObject({ id: idSchema('savedView') }),
      replies: { 204: null },
      errors: ['not_found'],
      async handle({ params: { id }, caller }) {
        await forgetView(deps, asPerson(caller).id, id);
        return { status: 204 };
      },
    }),
  ];
}
