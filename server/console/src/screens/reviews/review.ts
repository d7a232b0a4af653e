import type { ReviewKind, ReviewVerdict, ReviewView } from '@postern/shared/protocol/review';
import { t } from '../../strings/index.ts';

/** "A standing exception of Erin" */
export function reviewText({ kind, person }: ReviewView): string {
  return t.reviews.kindOf(t.reviews.kinds[kind], person?.name ?? null);
}

/** A verdict in words, which depend on what is looked at. */
export function verdictText(kind: ReviewKind, verdict: ReviewVerdict): string {
  return kind === 'rule' && verdict === 'keep' ? t.reviews.verdicts.keepRule : t.reviews.verdicts[verdict];
}
