import type { TestContext } from 'node:test';
import { toId } from '@postern/shared/ids';
import type { ReviewView } from '@postern/shared/protocol/review';
import { day, type Instant } from '@postern/shared/time';
import { openDesk } from '../../exceptions/testing/desk.ts';
import type { Caller, PersonCaller } from '../../http/caller.ts';
import { callRoute } from '../../http/testing/call-route.ts';
import { createCurrentPolicies } from '../../policy/index.ts';
import { systemRandom } from '../../random.ts';
import { insert } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import type { Store } from '../../storage/store.ts';
import { lookAfterReviews, reviewsRoutes } from '../index.ts';

/** Exceptions over real routes, and the reviews of them. */
export async function openReviewDesk(t: Pick<TestContext, 'after'>, given?: Store) {
  const desk = await openDesk(t, given);
  const { store, clock } = desk;
  const routes = reviewsRoutes({ store, policies: createCurrentPolicies(store) });
  const gauge: number[] = [];
  const deps = {
    store,
    random: systemRandom,
    config: { reviews: { everyMs: 30 * day, withinMs: 7 * day } },
    metrics: { reviewsOverdue: (count: number) => void gauge.push(count) },
  };

  /** Puts an exception there as it would be found, with none of the ways that lead to it. */
  async function putException(changes: Partial<Database['exceptions']> & { id: string }, by?: PersonCaller) {
    const begins = changes.begins_at ?? clock.at;
    const row: Database['exceptions'] = {
      kind: 'device',
      state: 'active',
      person_id: desk.erin.id,
      requested_by: desk.erin.id,
      device_id: desk.laptop.id,
      jkt: desk.laptop.jkt,
      rules: '["base/firewall"]',
      resources: '[]',
      observed: '{}',
      duration_ms: day,
      justification: 'Customers are here all day',
      ticket: null,
      request_hash: 'hash',
      approvals_needed: 1,
      extends_id: null,
      requested_at: begins,
      lapses_at: begins + day,
      approved_at: begins,
      expires_at: begins + 90 * day,
      ended_at: null,
      ended_by: null,
      ended_reason: null,
      version: 2,
      role: null,
      template: null,
      template_version: null,
      reason_code: null,
      set_id: null,
      emergency: 0,
      starts_at: null,
      begins_at: begins,
      plan: '{}',
      requested_authn: null,
      reminded_ms: null,
      ...changes,
    };
    const vote = {
      exception_id: row.id,
      actor_id: by?.id ?? '',
      verdict: 'approve',
      reason: null,
      at: begins,
      request_hash: 'hash',
      authn: null,
      channel: 'api',
    };
    const votes = by === undefined ? [] : [insert('exception_decisions', vote)];
    await store.commit({ changes: [insert('exceptions', row), ...votes], audit: [] });
    return row;
  }

  /** An emergency and its review, as they are made together. */
  async function putEmergency(id = exceptionId(900), dueAt: Instant = clock.at + day) {
    await putException({ id, emergency: 1, expires_at: clock.at + day });
    const review = toId('review', systemRandom.uuid());
    await store.commit({
      changes: [
        insert('reviews', {
          id: review,
          kind: 'emergency',
          subject_id: id,
          person_id: desk.erin.id,
          reason: 'An emergency was declared.',
          reviewers: '[]',
          opened_at: clock.at,
          due_at: dueAt,
          overdue_at: null,
          decided_at: null,
          decided_by: null,
          verdict: null,
          note: null,
        }),
      ],
      audit: [],
    });
    return { id: review, exception: id };
  }

  async function call<Body = Record<string, unknown>>(
    method: 'GET' | 'POST',
    path: string,
    as: Caller,
    sent: { body?: unknown; query?: Record<string, unknown> } = {},
  ) {
    return await callRoute<Body>(routes, { method, path, now: clock.at }, { as, ...sent });
  }

  async function list(state?: ReviewView['state']) {
    const query = state === undefined ? {} : { state };
    return (await call<{ items: ReviewView[] }>('GET', '/v1/admin/reviews', desk.ada, { query })).body.items;
  }

  return {
    ...desk,
    gauge,
    reviewDeps: deps,
    putException,
    putEmergency,
    callReviews: call,
    reviews: list,
    decideReview: (as: Caller, { id }: { id: string }, verdict: string, note = 'Seen and understood') =>
      call('POST', `/v1/admin/reviews/${id}/decide`, as, { body: { verdict, note } }),
    work: () => lookAfterReviews(deps, clock.at),
  };
}

export const exceptionId = (number: number) => `exc_${String(number).padStart(32, '0')}`;
