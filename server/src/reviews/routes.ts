import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { deciderRoles, readerRoles, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import { reviewDecisionSchema, reviewDetailSchema, reviewSchema, reviewStates } from '@postern/shared/protocol/review';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson, type Caller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { decideReview } from './decide.ts';
import { listReviews, readReview, reviewsFor } from './view.ts';

const params = z.strictObject({ id: idSchema('review') });

/** All endpoints of this capability. */
export function reviewsRoutes(deps: Pick<Deps, 'store' | 'policies'>): AnyRoute[] {
  const { read } = deps.store;
  const answer = async (id: string, caller: Caller, now: Instant) => {
    const person = asPerson(caller);
    const isReviewer = deciderRoles.some((role) => person.roles.includes(role));
    const body = await readReview(deps, id, { id: person.id, isReviewer }, now);
    if (body === undefined) throw new Fault('not_found');
    return { status: 200, body };
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/reviews',
      summary: 'Reviews of emergencies, standing exceptions and rules with many of them, newest first',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      query: pageQuerySchema.extend({
        after: idSchema('review').optional(),
        /** `open` has those that are overdue too. */
        state: z.enum(reviewStates).optional(),
      }),
      replies: { 200: pageSchema(reviewSchema) },
      errors: [],
      async handle({ query: { state, after, limit }, now }) {
        return { status: 200, body: await listReviews(read, { state, after, limit }, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/reviews/{id}',
      summary: 'One of them, with what is to be looked at',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      params,
      replies: { 200: reviewDetailSchema },
      errors: ['not_found'],
      async handle({ params: { id }, caller, now }) {
        return answer(id, caller, now);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/reviews/{id}/decide',
      summary: 'Decide a review; never of what was given to you, what you asked for or what you approved',
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      params,
      body: { type: 'json', schema: reviewDecisionSchema },
      replies: { 200: reviewDetailSchema },
      errors: ['not_found', 'review_state', 'review_not_yours', 'conflict'],
      async handle({ params: { id }, body: { verdict, note }, caller, now }) {
        await decideReview(deps, { id, by: asPerson(caller).id, verdict, note }, now);
        return answer(id, caller, now);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/reviews',
      summary: 'What you are asked to review, first what is due first',
      audience: 'person',
      roles: deciderRoles,
      rate: 'admin',
      replies: { 200: z.strictObject({ items: z.array(reviewSchema) }) },
      errors: [],
      async handle({ caller, now }) {
        return { status: 200, body: { items: await reviewsFor(read, asPerson(caller).id, now) } };
      },
    }),
  ];
}
