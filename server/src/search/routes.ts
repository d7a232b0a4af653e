import { readerRoles } from '@postern/shared/protocol/admin';
import { searchAnswerSchema, searchQuerySchema } from '@postern/shared/protocol/search';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { search } from './search.ts';

/** What a few letters in the console may mean. */
export function searchRoutes(deps: Pick<Deps, 'store'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/search',
      summary: 'People, devices and exceptions by a part of a name or the beginning of an id: the first of each',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: searchQuerySchema,
      replies: { 200: searchAnswerSchema },
      errors: [],
      async handle({ query: { q } }) {
        return { status: 200, body: await search(deps, q) };
      },
    }),
  ];
}
