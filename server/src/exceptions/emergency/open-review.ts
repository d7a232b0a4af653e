import { toId } from '@postern/shared/ids';
import { day, type Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { type Change, insert } from '../../storage/change.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/** Somebody else has looked at it by then. */
const reviewWithinMs = day;

/** The review of an emergency, which is there from the instant that it is used. */
export function openReview(
  { random }: Pick<Deps, 'random'>,
  emergency: Pick<ExceptionRecord, 'id' | 'personId'>,
  now: Instant,
): { id: string; dueAt: Instant; change: Change } {
  const id = toId('review', random.uuid());
  const dueAt = now + reviewWithinMs;
  const change = insert('reviews', {
    id,
    kind: 'emergency',
    subject_id: emergency.id,
    person_id: emergency.personId,
    reason: 'An emergency was used, which nobody approved beforehand.',
    // Every approver; who has a part in it is refused when they decide.
    reviewers: '[]',
    opened_at: now,
    due_at: dueAt,
    overdue_at: null,
    decided_at: null,
    decided_by: null,
    verdict: null,
    note: null,
  });
  return { id, dueAt, change };
}
