import { second } from '@postern/shared/time';
import { percentile, type ReportRow, type RequestFact, type VoteFact } from '../facts.ts';
import { exceeds, percentOf, thresholds } from '../thresholds.ts';

type Votes = readonly VoteFact[];

/** How those who decide do so. Who says yes to nearly everything within seconds does not read what they decide. */
export function approvers(requests: readonly RequestFact[], votes: Votes): ReportRow[] {
  const byId = new Map(requests.map((request) => [request.id, request]));
  return [...Map.groupBy(votes, ({ actorId }) => actorId)].map(([actor, own]) => {
    const decisions = decisionsOf(own, byId);
    const approved = decisions.filter(({ verdict }) => verdict === 'approve').length;
    const opened = decisions.filter(({ opened }) => opened).length;
    const median =
      percentile(
        decisions.map(({ ms }) => ms),
        50,
      ) ?? 0;
    const { decisions: least, approvedPercent, medianMs } = thresholds.approver;
    const seconds = Math.round(median / second);
    const count = decisions.length;
    return {
      subject: actor,
      about: [{ kind: 'person', id: actor }],
      values: {
        decisions: count,
        approvedPercent: percentOf(approved, count),
        openedPercent: percentOf(opened, count),
        medianSeconds: seconds,
      },
      flagged: count >= least && exceeds(approved, count, approvedPercent) && median < medianMs,
      sentence: `One person decided ${count} requests, approved ${approved} of them, and took ${seconds} seconds for half of them at most.`,
    };
  });
}

interface Decision {
  verdict: string;
  /** The longest that they can have looked at it. */
  ms: number;
  opened: boolean;
}

/**
 * What one person decided. Nobody looks at a request before it is there, before they open it, or while they decide another:
 * from the last of these on they may have read it. What was asked for together is one decision.
 */
function decisionsOf(votes: Votes, requests: ReadonlyMap<string, RequestFact>): Decision[] {
  const decisions: Decision[] = [];
  const sets = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  for (const { exceptionId, verdict, at, viewedAt } of votes.toSorted((left, right) => left.at - right.at)) {
    const request = requests.get(exceptionId);
    if (request === undefined) continue;
    if (request.setId !== null) {
      const key = `${request.setId} ${verdict}`;
      if (sets.has(key)) continue;
      sets.add(key);
    }
    const opened = viewedAt !== null && viewedAt <= at;
    const from = Math.max(request.requestedAt, last, opened ? viewedAt : Number.NEGATIVE_INFINITY);
    decisions.push({ verdict, opened, ms: Math.max(0, at - from) });
    last = at;
  }
  return decisions;
}

/** Two who approve each other. */
export function reciprocalPairs(requests: readonly RequestFact[], votes: Votes): ReportRow[] {
  const byId = new Map(requests.map((request) => [request.id, request]));
  const approvals = new Map<string, number>();
  for (const { exceptionId, actorId, verdict } of votes) {
    const request = byId.get(exceptionId);
    if (request === undefined || verdict !== 'approve') continue;
    for (const other of new Set([request.personId, request.requestedBy])) {
      const key = `${actorId} ${other}`;
      approvals.set(key, (approvals.get(key) ?? 0) + 1);
    }
  }
  return [...approvals].flatMap(([key, there]) => {
    const [left = '', right = ''] = key.split(' ');
    const back = approvals.get(`${right} ${left}`) ?? 0;
    if (left >= right || back === 0) return [];
    return [
      {
        subject: key,
        about: [
          { kind: 'person' as const, id: left },
          { kind: 'person' as const, id: right },
        ],
        values: { there, back },
        flagged: Math.min(there, back) >= thresholds.reciprocal,
        sentence: `Two people approved ${there} and ${back} requests of each other.`,
      },
    ];
  });
}
