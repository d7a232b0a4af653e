import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { pageQuerySchema, pageSchema, roles } from '@postern/shared/protocol/admin';
import {
  denyLinkSchema,
  noticeSchema,
  noticesReadSchema,
  notifyPreferencesSchema,
  unreadNoticesSchema,
} from '@postern/shared/protocol/notice';
import type { Deps } from '../deps.ts';
import { asDevice, asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { denyByLink } from './deny-by-link.ts';
import { countUnread, deviceNotices, listNotices, markRead } from './notices.ts';
import { readPreferences, setPreferences } from './preferences.ts';

const byEverybody = { audience: 'person', roles, rate: 'admin' } as const;

/** What people are told, what they want to hear of, and the one thing that a mail can do. */
export function meRoutes(deps: Pick<Deps, 'store' | 'config' | 'anonymousRefusals'>): AnyRoute[] {
  return [
    defineRoute({
      ...byEverybody,
      method: 'GET',
      path: '/v1/me/notices',
      summary: 'What I was told, newest first',
      query: pageQuerySchema.extend({
        after: idSchema('notice').optional(),
        unread: z.enum(['true', 'false']).optional(),
      }),
      replies: { 200: pageSchema(noticeSchema) },
      errors: [],
      async handle({ query: { unread, ...page }, caller }) {
        const filter = { ...page, personId: asPerson(caller).id, unread: unread === 'true' };
        return { status: 200, body: await listNotices(deps.store.read, filter) };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'GET',
      path: '/v1/me/notices/unread',
      summary: 'How many notices of mine I have not read, up to a hundred',
      replies: { 200: unreadNoticesSchema },
      errors: [],
      async handle({ caller }) {
        return { status: 200, body: { count: await countUnread(deps.store.read, asPerson(caller).id) } };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'POST',
      path: '/v1/me/notices/read',
      summary: 'Mark notices of mine as read',
      body: { type: 'json', schema: noticesReadSchema },
      replies: { 204: null },
      errors: [],
      async handle({ body: { ids }, caller, now }) {
        await markRead(deps, asPerson(caller).id, ids, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'GET',
      path: '/v1/me/notify',
      summary: 'What I want to hear of, and how',
      replies: { 200: notifyPreferencesSchema },
      errors: ['not_found'],
      async handle({ caller }) {
        return { status: 200, body: await readPreferences(deps, asPerson(caller).id) };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'PUT',
      path: '/v1/me/notify',
      summary: 'Say what I want to hear of, and how',
      body: { type: 'json', schema: notifyPreferencesSchema },
      replies: { 200: notifyPreferencesSchema },
      errors: ['not_found'],
      async handle({ body, caller }) {
        await setPreferences(deps, asPerson(caller).id, body);
        return { status: 200, body };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/notices',
      summary: "What this device's person was told about it or themselves: the latest 20, newest first",
      audience: 'device',
      rate: 'device',
      replies: { 200: z.strictObject({ items: z.array(noticeSchema) }) },
      errors: [],
      async handle({ caller }) {
        const { id: deviceId, ownerId } = asDevice(caller);
        return { status: 200, body: { items: await deviceNotices(deps.store.read, { deviceId, ownerId }) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/deny-links',
      summary: 'Deny a request by the link in a mail to one of its approvers. No link approves.',
      audience: 'open',
      rate: 'sign-in',
      body: { type: 'json', schema: denyLinkSchema },
      replies: { 204: null },
      errors: ['deny_link_invalid', 'conflict'],
      async handle({ body, now }) {
        await denyByLink(deps, body, now);
        return { status: 204 };
      },
    }),
  ];
}
