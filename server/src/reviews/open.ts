import { setImmediate as othersFirst } from 'node:timers/promises';
import { toId } from '@postern/shared/ids';
import type { ReviewKind } from '@postern/shared/protocol/review';
import { type Instant, toTimestamp } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { insert } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { grantedStates, type Read, readChain } from './chain.ts';
import { dueForReview, type Standing } from './due.ts';
import { partiesOf, readParties } from './parties.ts';
import { chooseReviewers, readCandidates } from './reviewers.ts';

export type OpenDeps = Pick<Deps, 'store' | 'random'> & { config: Pick<Deps['config'], 'reviews'> };

const atOnce = 500;

/** Opens a review of every exception that has stood for long, or was extended often. Safe on several nodes. */
export async function openExceptionReviews(deps: OpenDeps, now: Instant): Promise<void> {
  const { read } = deps.store;
  const { everyMs } = deps.config.reviews;
  let people: Awaited<ReturnType<typeof readCandidates>> | undefined;
  for await (const { id, personId } of standingExceptions(read, everyMs, now)) {
    await othersFirst();
    const chain = await readChain(read, id);
    const begun = chain.flatMap((link) => (link.begins_at === null || link.approved_at === null ? [] : [link]));
    const ids = chain.map((link) => link.id);
    const standing: Standing = {
      id,
      startedAt: Math.min(...begun.map((link) => link.begins_at ?? now)),
      renewals: begun.length - 1,
      reviews: await readReviewsOf(read, ids),
    };
    const reason = dueForReview(standing, everyMs, now);
    if (reason === undefined) continue;
    people ??= await readCandidates(read);
    const reviewers = chooseReviewers(people, await partiesOf(read, chain));
    await openReview(deps, { kind: 'exception', subjectId: id, personId, reason, reviewers }, now);
  }
}

/**
 * Opens a review of each of these rules, unless one is open, or was decided no longer ago than standing exceptions may wait.
 *
 * @param rules with a sentence of why
 */
export async function openRuleReviews(
  deps: OpenDeps,
  rules: readonly { rule: string; reason: string }[],
  now: Instant,
): Promise<void> {
  if (rules.length === 0) return;
  const { read } = deps.store;
  const people = await readCandidates(read);
  for (const { rule, reason } of rules) {
    const since = now - deps.config.reviews.everyMs;
    const last = await read
      .selectFrom('reviews')
      .select('id')
      .where('kind', '=', 'rule')
      .where('subject_id', '=', rule)
      .where((where) => where.or([where('decided_at', 'is', null), where('decided_at', '>', since)]))
      .limit(1)
      .executeTakeFirst();
    if (last !== undefined) continue;
    const reviewers = chooseReviewers(people, await readParties(read, { kind: 'rule', id: rule }, now));
    await openReview(deps, { kind: 'rule', subjectId: rule, personId: null, reason, reviewers }, now);
  }
}

/** Exceptions in force that stand for long or extend another, and that nobody is asked to review now. */
async function* standingExceptions(read: Read, everyMs: number, now: Instant) {
  for (let after = ''; ;) {
    const rows = await standingAfter(read, after, everyMs, now);
    yield* rows.map((row) => ({ id: row.id, personId: row.person_id }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < atOnce) return;
    after = last.id;
  }
}

function standingAfter(read: Read, after: string, everyMs: number, now: Instant) {
  return read
    .selectFrom('exceptions')
    .select(['id', 'person_id'])
    .where('id', '>', after)
    .where('state', 'in', grantedStates)
    .where('expires_at', '>', now)
    .where('begins_at', '<=', now)
    .where('emergency', '=', 0)
    .where((where) => where.or([where('begins_at', '<', now - everyMs), where('extends_id', 'is not', null)]))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('reviews')
            .select('reviews.id')
            .whereRef('reviews.subject_id', '=', 'exceptions.id')
            .where('reviews.kind', '=', 'exception')
            // What was decided since then needs no look at its chain.
            .where((where) =>
              where.or([where('reviews.decided_at', 'is', null), where('reviews.decided_at', '>=', now - everyMs)]),
            ),
        ),
      ),
    )
    .orderBy('id')
    .limit(atOnce)
    .execute();
}

async function readReviewsOf(read: Read, ids: readonly string[]): Promise<Standing['reviews']> {
  const rows = await read
    .selectFrom('reviews')
    .select(['subject_id', 'decided_at'])
    .where('subject_id', 'in', ids)
    .where('kind', '=', 'exception')
    .execute();
  return rows.map((row) => ({ subjectId: row.subject_id, decidedAt: row.decided_at }));
}

interface Opening {
  kind: ReviewKind;
  subjectId: string;
  personId: string | null;
  reason: string;
  reviewers: readonly string[];
}

async function openReview(deps: OpenDeps, opening: Opening, now: Instant): Promise<void> {
  const { kind, subjectId, personId, reason, reviewers } = opening;
  const id = toId('review', deps.random.uuid());
  const dueAt = now + deps.config.reviews.withinMs;
  try {
    await deps.store.commit({
      changes: [
        insert('reviews', {
          id,
          kind,
          subject_id: subjectId,
          person_id: personId,
          reason,
          reviewers: JSON.stringify(reviewers),
          opened_at: now,
          due_at: dueAt,
          overdue_at: null,
          decided_at: null,
          decided_by: null,
          verdict: null,
          note: null,
        }),
      ],
      audit: [
        {
          at: now,
          type: 'review.opened',
          outcome: 'success',
          actor: systemActor,
          subject: { kind: 'review', id },
          data: { kind, of: subjectId, person: personId, reason, reviewers: [...reviewers], dueAt: toTimestamp(dueAt) },
        },
      ],
    });
  } catch (error) {
    // Another node noticed too.
    if (!(error instanceof ConflictError)) throw error;
  }
}
