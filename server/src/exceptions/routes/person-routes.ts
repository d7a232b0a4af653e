import { z } from 'zod';
import { pageSchema, roles } from '@postern/shared/protocol/admin';
import { inboxQuerySchema, waitingRequestSchema } from '@postern/shared/protocol/evidence';
import { exceptionSchema } from '@postern/shared/protocol/exception';
import { exceptionPreviewForSchema, impactSchema } from '@postern/shared/protocol/impact';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { previewRequest } from '../impact/impact.ts';
import { readInbox } from '../lists/inbox.ts';
import { requestException } from '../asking/request.ts';
import { answerWith, type ExceptionRouteDeps, requestErrors, requestForSchema } from './route-parts.ts';
import { viewExceptions } from '../view.ts';
import { wishOf } from '../asking/wish-of.ts';

const shown = 100;

/** What whoever is signed in can do about their own exceptions, whatever their role; the rest is under /v1/admin/exceptions/{id}. */
export function personExceptionRoutes(deps: ExceptionRouteDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/me/exceptions',
      summary: 'Your exceptions and requests, on whatever device, newest first',
      audience: 'person',
      roles,
      rate: 'admin',
      replies: { 200: z.strictObject({ items: z.array(exceptionSchema) }) },
      errors: [],
      async handle({ caller, now }) {
        const filter = { personId: asPerson(caller).id, limit: shown };
        return { status: 200, body: { items: await viewExceptions(deps, filter, now) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/inbox',
      summary:
        'Requests that wait, the oldest first, each with whether you may decide it: all for readers, else those that you are asked as a manager',
      audience: 'person',
      roles,
      rate: 'admin',
      query: inboxQuerySchema,
      replies: { 200: pageSchema(waitingRequestSchema) },
      errors: [],
      async handle({ query, caller, now }) {
        return { status: 200, body: await readInbox(deps, asPerson(caller), query, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/exceptions',
      summary: 'Ask for an exception from named rules for one of your own devices',
      audience: 'person',
      roles,
      rate: 'admin',
      body: { type: 'json', schema: requestForSchema },
      replies: { 201: exceptionSchema },
      errors: [...requestErrors, 'resource_unknown'],
      async handle({ body: { device: deviceId, ...request }, caller, now }) {
        const { id: by, authenticatedAt } = asPerson(caller);
        const asked = { deviceId, by: { id: by, authenticatedAt }, request, isOwn: true };
        return answerWith(deps, 201, await requestException(deps, asked, now), now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/exceptions/preview',
      summary: 'What an exception for one of your own devices would mean; changes nothing',
      audience: 'person',
      roles,
      rate: 'admin',
      body: { type: 'json', schema: exceptionPreviewForSchema },
      replies: { 200: impactSchema },
      errors: ['not_found'],
      async handle({ body: { device: deviceId, ...request }, caller, now }) {
        const wanted = wishOf({ ...request, justification: request.justification ?? '' });
        const asked = { deviceId, by: asPerson(caller).id, wanted, isOwn: true };
        return { status: 200, body: await previewRequest(deps, asked, now) };
      },
    }),
  ];
}
