import { type Instant, sayDuration } from '@postern/shared/time';

/** An exception in force, with all that it extends. */
export interface Standing {
  id: string;
  /** When the first of them began. */
  startedAt: Instant;
  /** How often it was extended. */
  renewals: number;
  /** Of any of them. */
  reviews: readonly { subjectId: string; decidedAt: Instant | null }[];
}

/** So many renewals need no second look. */
const quietRenewals = 2;

/** Why somebody must look at an exception again; undefined when nobody must, or has been asked already. */
export function dueForReview(standing: Standing, everyMs: number, now: Instant): string | undefined {
  const { id, startedAt, renewals, reviews } = standing;
  const decided = reviews.flatMap(({ decidedAt }) => (decidedAt === null ? [] : [decidedAt]));
  if (decided.length < reviews.length) return undefined;
  if (now - Math.max(startedAt, ...decided) > everyMs)
    return `It has been in force for ${sayDuration(now - startedAt)}.`;
  const isNew = !reviews.some(({ subjectId }) => subjectId === id);
  return renewals > quietRenewals && isNew ? `It was extended ${renewals} times.` : undefined;
}
