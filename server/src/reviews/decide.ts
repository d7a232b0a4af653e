import { Fault } from '@postern/shared/protocol/errors';
import { type ReviewKind, type ReviewVerdict, reviewVerdicts } from '@postern/shared/protocol/review';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { endedByReview } from '../exceptions/index.ts';
import { updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { readChain, standingOf } from './chain.ts';
import { readParties } from './parties.ts';

type DecideDeps = Pick<Deps, 'store'>;

/** So often what is to end may change while this is decided, before somebody is asked to try again. */
const maxAttempts = 8;

/** Who decides what about a review, and why. */
export interface Deciding {
  id: string;
  by: string;
  verdict: ReviewVerdict;
  note: string;
}

/**
 * Decides a review, once. Whoever has a part in what it is about decides nothing, admins neither; that they tried is recorded.
 *
 * @throws Fault not_found, malformed_request, review_not_yours, review_state, conflict
 */
export async function decideReview(deps: DecideDeps, deciding: Deciding, now: Instant): Promise<void> {
  const { store } = deps;
  const { id, by, verdict } = deciding;
  const row = await store.read.selectFrom('reviews').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  const kind = row.kind as ReviewKind;
  const allowed: readonly ReviewVerdict[] = reviewVerdicts[kind];
  if (!allowed.includes(verdict)) {
    const message = `must be ${allowed.join(' or ')} for a review of this kind`;
    throw new Fault('malformed_request', { details: [{ path: 'body.verdict', message }] });
  }
  const parties = await readParties(store.read, { kind, id: row.subject_id }, now);
  if (parties.has(by)) {
    await store.commit({ changes: [], audit: [eventOf(row, deciding, now, { code: 'review_not_yours' })] });
    throw new Fault('review_not_yours');
  }
  if (row.decided_at !== null) throw new Fault('review_state');
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const ended = verdict === 'repudiated' || verdict === 'end' ? await endedWith(deps, row, deciding, now) : nothing;
    const set = { decided_at: now, decided_by: by, verdict, note: deciding.note };
    try {
      await store.commit({
        changes: [updateOne('reviews', { id, decided_at: null }, set), ...ended.unit.changes],
        audit: [
          ...ended.unit.audit,
          eventOf(row, deciding, now, { ended: ended.id }),
          ...emergencyEvents(row, deciding, now),
        ],
      });
      return;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (error.change === 0) throw new Fault('review_state');
    }
  }
  throw new Fault('conflict');
}

/** What ends is what is in force then, whatever the review was opened for: it may have been extended meanwhile. */
async function endedWith({ store }: DecideDeps, row: ReviewRow, { by, note }: Deciding, now: Instant): Promise<Ended> {
  const standing = standingOf(await readChain(store.read, row.subject_id), now);
  if (standing === undefined) return nothing;
  const unit = await endedByReview(store.read, { exceptionId: standing.id, by, reason: note }, now);
  return { unit, id: unit.changes.length > 0 ? standing.id : null };
}

interface Ended {
  unit: Unit;
  id: string | null;
}

const nothing: Ended = { unit: { changes: [], audit: [] }, id: null };

type ReviewRow = Database['reviews'];

function eventOf(
  row: ReviewRow,
  { by, verdict, note }: Deciding,
  now: Instant,
  more: { ended: string | null } | { code: string },
): AuditEvent {
  const { id, kind, subject_id: of, person_id: person, due_at: dueAt } = row;
  return {
    at: now,
    type: 'review.decided',
    outcome: 'code' in more ? 'failure' : 'success',
    actor: actorOf(by),
    subject: { kind: 'review', id },
    data: { kind, of, person, verdict, overdue: dueAt <= now, ...more },
    text: note,
  };
}

function emergencyEvents(row: ReviewRow, { by, verdict, note }: Deciding, now: Instant): AuditEvent[] {
  if (row.kind !== 'emergency') return [];
  return [
    {
      at: now,
      type: verdict === 'ratified' ? 'emergency.ratified' : 'emergency.repudiated',
      outcome: 'success',
      actor: actorOf(by),
      subject: { kind: 'exception', id: row.subject_id },
      data: { review: row.id, person: row.person_id },
      text: note,
    },
  ];
}

function actorOf(by: string): Actor {
  return { kind: 'person', id: by };
}
