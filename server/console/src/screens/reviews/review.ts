import type { z } from 'zod';
import type { ReviewKind, reviewDetailSchema, reviewSchema, ReviewVerdict } from '@postern/shared/protocol/review';
import { t } from '../../strings/index.ts';

export type Review = z.output<typeof reviewSchema>;
export type ReviewDetail = z.output<typeof reviewDetailSchema>;

/** "A standing exception of Erin" */
export function reviewText({ kind, person }: Review): string {
  return t.reviews.kindOf(t.reviews.kinds[kind], person?.name ?? null);
}

/** A verdict in words, which depend on what is looked at. */
export function verdictText(kind: ReviewKind, verdict: ReviewVerdict): string {
  return kind === 'rule' && verdict === 'keep' ? t.reviews.verdicts.keepRule : t.reviews.verdicts[verdict];
}
