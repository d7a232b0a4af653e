import { day, type Instant, toTimestamp } from '@postern/shared/time';
import type { ReportRow } from '../facts.ts';
import { thresholds } from '../thresholds.ts';

/** An exception that was granted, as a link of a chain of extensions. */
export interface Link {
  id: string;
  extendsId: string | null;
  personId: string;
  deviceId: string;
  approvedAt: Instant;
}

/**
 * Exceptions that were renewed, each chain once, by its last link.
 *
 * @param links all granted ones of the chains
 */
export function renewalChains(links: readonly Link[]): ReportRow[] {
  const byId = new Map(links.map((link) => [link.id, link]));
  const extended = new Set(links.map(({ extendsId }) => extendsId));
  return links
    .filter(({ id, extendsId }) => extendsId !== null && !extended.has(id))
    .map((tip) => {
      const chain = chainOf(tip, byId);
      const first = chain.at(-1) ?? tip;
      const renewals = chain.length - 1;
      return {
        // Its first link: a chain that goes on is no other chain.
        subject: first.id,
        about: [
          { kind: 'exception' as const, id: tip.id },
          { kind: 'person' as const, id: tip.personId },
          { kind: 'device' as const, id: tip.deviceId },
        ],
        values: { renewals, first: first.id, since: toTimestamp(first.approvedAt) },
        flagged: renewals > thresholds.renewals,
        sentence: `One exception was renewed ${renewals} times.`,
      };
    })
    .filter(({ values }) => values.renewals > 0);
}

/** From the last link to the first one that is known. */
function chainOf(tip: Link, byId: ReadonlyMap<string, Link>): Link[] {
  const chain = [tip];
  for (let next = byId.get(tip.extendsId ?? ''); next !== undefined && !chain.includes(next);) {
    chain.push(next);
    next = byId.get(next.extendsId ?? '');
  }
  return chain;
}

/** When a device was under an exception. */
export interface Span {
  deviceId: string;
  from: Instant;
  to: Instant;
}

/** How long devices were under any exception within a year. Two at once count once. */
export function exceptionDebt(spans: readonly Span[], now: Instant): ReportRow[] {
  const { ms, withinMs } = thresholds.debt;
  const since = now - withinMs;
  return [...Map.groupBy(spans, ({ deviceId }) => deviceId)].map(([device, own]) => {
    const total = covered(own.map(({ from, to }) => ({ from: Math.max(from, since), to: Math.min(to, now) })));
    const days = Math.round((total * 10) / day) / 10;
    return {
      subject: device,
      about: [{ kind: 'device', id: device }],
      values: { days, exceptions: own.length },
      flagged: total > ms,
      sentence: `One device was under exceptions for ${days} days within a year.`,
    };
  });
}

function covered(spans: { from: Instant; to: Instant }[]): number {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans.toSorted((left, right) => left.from - right.from)) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return total;
}
