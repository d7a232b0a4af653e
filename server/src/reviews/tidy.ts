import { type Instant, toTimestamp } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { readChain, standingOf } from './chain.ts';

type TidyDeps = Pick<Deps, 'store'> & { metrics: Pick<Metrics, 'reviewsOverdue'> };
type ReviewRow = Database['reviews'];

const atOnce = 500;

/** Announces once what is overdue, and says how much is. */
export async function announceOverdue({ store, metrics }: TidyDeps, now: Instant): Promise<void> {
  const { read } = store;
  const late = () => read.selectFrom('reviews').where('decided_at', 'is', null).where('due_at', '<=', now);
  const rows = await late().selectAll().where('overdue_at', 'is', null).orderBy('due_at').limit(atOnce).execute();
  await Promise.all(rows.map((row) => unlessTaken(() => store.commit(overdueUnit(row, now)))));
  const { count } = await late()
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  metrics.reviewsOverdue(count);
}

function overdueUnit(row: ReviewRow, now: Instant): Unit {
  const { id, kind, subject_id: subjectId, person_id: person, due_at: dueAt } = row;
  const reviewers = JSON.parse(row.reviewers) as string[];
  return {
    changes: [updateOne('reviews', { id, overdue_at: null, decided_at: null }, { overdue_at: now })],
    audit: [
      {
        at: now,
        type: kind === 'emergency' ? 'emergency.review-overdue' : 'review.overdue',
        outcome: 'success',
        actor: systemActor,
        subject: { kind: 'review', id },
        data: { kind, of: subjectId, person, reviewers, dueAt: toTimestamp(dueAt) },
      },
    ],
  };
}

/** Closes reviews of exceptions that ended by themselves. An emergency is looked at also when it is long over. */
export async function closeEnded({ store }: Pick<Deps, 'store'>, now: Instant): Promise<void> {
  const rows = await store.read
    .selectFrom('reviews')
    .innerJoin('exceptions', 'exceptions.id', 'reviews.subject_id')
    .select(['reviews.id', 'reviews.subject_id', 'reviews.person_id'])
    .where('reviews.kind', '=', 'exception')
    .where('reviews.decided_at', 'is', null)
    .where((where) =>
      where.or([where('exceptions.ended_at', 'is not', null), where('exceptions.expires_at', '<=', now)]),
    )
    .orderBy('reviews.id')
    .limit(atOnce)
    .execute();
  for (const { id, subject_id: subjectId, person_id: person } of rows) {
    // What was extended meanwhile is still there, under another id.
    if (standingOf(await readChain(store.read, subjectId), now) !== undefined) continue;
    const data = { kind: 'exception', of: subjectId, person, verdict: 'end', cause: 'ended' };
    const decided = { decided_at: now, verdict: 'end', note: 'It had ended before anybody looked at it.' };
    await unlessTaken(() =>
      store.commit({
        changes: [updateOne('reviews', { id, decided_at: null }, decided)],
        audit: [
          {
            at: now,
            type: 'review.decided',
            outcome: 'success',
            actor: systemActor,
            subject: { kind: 'review', id },
            data,
          },
        ],
      }),
    );
  }
}

async function unlessTaken(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
