import { readerRoles } from '@postern/shared/protocol/admin';
import { importFeedSchema, longestFeed, releaseFeedViewSchema } from '@postern/shared/protocol/release-feed';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { type ImportDeps, importFeed } from './import-feed.ts';
import { viewFeed } from './view.ts';

const path = '/v1/admin/release-feed';

/** Endpoints of this capability. */
export function releaseRoutes(deps: ImportDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path,
      summary: 'What is known of releases of operating systems: which feed is in force, from where, and how old',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      replies: { 200: releaseFeedViewSchema },
      errors: [],
      async handle({ now }) {
        return { status: 200, body: await viewFeed(deps, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path,
      summary: 'Take a signed release feed into use; it must be newer than the one in force',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      body: { type: 'json', schema: importFeedSchema, maxBytes: longestFeed + 1024 },
      replies: { 200: releaseFeedViewSchema },
      errors: ['feed_keys_missing', 'feed_keys_invalid', 'feed_invalid', 'feed_untrusted', 'feed_outdated', 'conflict'],
      async handle({ body: { jws }, caller, now }) {
        await importFeed(deps, jws, { kind: 'person', id: asPerson(caller).id }, now);
        return { status: 200, body: await viewFeed(deps, now) };
      },
    }),
  ];
}
