import { hour, type Instant, minute, sayDuration, second, toTimestamp } from '@postern/shared/time';
import { type About, hasLapsed, isWaiting, percentile, type ReportRow, type RequestFact } from '../facts.ts';
import { exceeds, percentOf, thresholds } from '../thresholds.ts';

/** How long people wait for an approval, over all and by template. An emergency waits for nobody. */
export function timeToApprove(requests: readonly RequestFact[]): ReportRow[] {
  const { p90Ms, approvals } = thresholds.approval;
  const approved = requests.filter(({ emergency, approvedAt }) => !emergency && approvedAt !== null);
  return byTemplate(approved).map(({ subject, about, own }) => {
    const waits = own.map(({ requestedAt, approvedAt }) => Math.max(0, (approvedAt ?? requestedAt) - requestedAt));
    const [p50, p90] = [percentile(waits, 50) ?? 0, percentile(waits, 90) ?? 0];
    return {
      subject,
      about,
      values: { approved: own.length, p50Seconds: Math.round(p50 / second), p90Seconds: Math.round(p90 / second) },
      flagged: own.length >= approvals && p90 > p90Ms,
      sentence: `Of ${own.length} approvals one in ten took ${Math.round((p90 * 10) / hour) / 10} hours or more.`,
    };
  });
}

/** What nobody answered, over all and by template: people stop asking, and find another way. */
export function lapsed(requests: readonly RequestFact[], now: Instant): ReportRow[] {
  const { percent, requests: least } = thresholds.lapsed;
  return byTemplate(requests.filter((request) => !isWaiting(request, now))).map(({ subject, about, own }) => {
    const count = own.filter((request) => hasLapsed(request, now)).length;
    return {
      subject,
      about,
      values: { requests: own.length, lapsed: count, percent: percentOf(count, own.length) },
      flagged: own.length >= least && exceeds(count, own.length, percent),
      sentence: `${count} of ${own.length} requests were answered by nobody.`,
    };
  });
}

interface Group {
  subject: string;
  about: readonly About[];
  own: readonly RequestFact[];
}

function byTemplate(requests: readonly RequestFact[]): Group[] {
  if (requests.length === 0) return [];
  const groups = [...Map.groupBy(requests, ({ template }) => template)].flatMap(([template, own]): Group[] =>
    template === null ? [] : [{ subject: template, about: [{ kind: 'template', id: template }], own }],
  );
  return [{ subject: 'all', about: [], own: requests }, ...groups];
}

/** A review, as far as reports need it. */
export interface ReviewFact {
  id: string;
  kind: string;
  subjectId: string;
  personId: string | null;
  openedAt: Instant;
  dueAt: Instant;
  decidedAt: Instant | null;
  verdict: string | null;
}

/** Every emergency; flagged until somebody has looked at it. */
export function emergencies(
  requests: readonly RequestFact[],
  reviews: readonly ReviewFact[],
  now: Instant,
): ReportRow[] {
  const reviewed = new Map(
    reviews.filter(({ kind }) => kind === 'emergency').map((review) => [review.subjectId, review]),
  );
  return requests
    .filter(({ emergency }) => emergency)
    .map(({ id, personId, deviceId, requestedAt }) => {
      const review = reviewed.get(id);
      const isDecided = review !== undefined && review.decidedAt !== null;
      const isLate = review !== undefined && !isDecided && review.dueAt <= now;
      return {
        subject: id,
        about: [
          { kind: 'exception', id },
          { kind: 'person', id: personId },
          { kind: 'device', id: deviceId },
        ],
        values: {
          at: toTimestamp(requestedAt),
          review: isDecided ? review.verdict : isLate ? 'overdue' : 'open',
        },
        flagged: !isDecided,
        sentence: isDecided ? 'An emergency was reviewed.' : 'An emergency waits for its review.',
      };
    });
}

/** What somebody should have looked at by now. */
export function overdueReviews(reviews: readonly ReviewFact[], now: Instant): ReportRow[] {
  return reviews
    .filter(({ decidedAt, dueAt }) => decidedAt === null && dueAt <= now)
    .map(({ id, kind, subjectId, personId, dueAt }) => {
      const hours = Math.floor((now - dueAt) / hour);
      return {
        subject: id,
        about: [
          { kind: 'review' as const, id },
          kind === 'rule' ? { kind: 'rule' as const, id: subjectId } : { kind: 'exception' as const, id: subjectId },
          ...(personId === null ? [] : [{ kind: 'person' as const, id: personId }]),
        ],
        values: { kind, dueAt: toTimestamp(dueAt), hoursLate: hours },
        flagged: true,
        sentence: `A review (${kind}) is overdue by ${sayDuration(Math.max(minute, now - dueAt))}.`,
      };
    });
}
