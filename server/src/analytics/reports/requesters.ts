import type { ReportRow, RequestFact } from '../facts.ts';
import { exceeds, percentOf, thresholds } from '../thresholds.ts';

/** Who asks again and again for the same: whether the rule is wrong for them, or they do not mend their device. */
export function repeatRequesters(requests: readonly RequestFact[], days: number): ReportRow[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { personId, rules } of togetherOnce(requests, ({ personId }) => personId)) {
    const ofPerson = counts.get(personId) ?? new Map<string, number>();
    for (const rule of new Set(rules)) ofPerson.set(rule, (ofPerson.get(rule) ?? 0) + 1);
    counts.set(personId, ofPerson);
  }
  return [...counts].flatMap(([person, byRule]) =>
    [...byRule]
      .filter(([, count]) => count > 1)
      .map(([rule, count]) => ({
        subject: `${person} ${rule}`,
        about: [
          { kind: 'person' as const, id: person },
          { kind: 'rule' as const, id: rule },
        ],
        values: { requests: count },
        flagged: count >= thresholds.repeats,
        sentence: `One person asked ${count} times in ${days} days for an exception from ${rule}.`,
      })),
  );
}

/** Who gives the same justification whatever they ask for. */
export function sameJustification(requests: readonly RequestFact[]): ReportRow[] {
  return habits(requests, 'give the same justification', (own) => {
    const counts = Map.groupBy(own, ({ justification }) => justification);
    return Math.max(...[...counts.values()].map(({ length }) => length));
  });
}

/** Who mostly asks when few are there to look. */
export function offHours(requests: readonly RequestFact[], timeZone: string): ReportRow[] {
  const isOff = offHoursIn(timeZone);
  return habits(
    requests,
    'were made outside of working hours',
    (own) => own.filter(({ requestedAt }) => isOff(requestedAt)).length,
  );
}

/**
 * Who always asks for as long as there is.
 *
 * @param caps the longest that each rule allows, in milliseconds; a rule that is gone allows nothing to compare with
 */
export function alwaysLongest(requests: readonly RequestFact[], caps: ReadonlyMap<string, number>): ReportRow[] {
  const isLongest = ({ durationMs, templateMaxMs, rules }: RequestFact) => {
    const longest = Math.min(templateMaxMs, ...rules.map((rule) => caps.get(rule) ?? Number.MAX_SAFE_INTEGER));
    return durationMs >= longest;
  };
  return habits(requests, 'were for as long as is allowed', (own) => own.filter(isLongest).length);
}

/** Monday to Friday from 7 to 19 are working hours. Says of an instant whether it is outside of them there. */
export function offHoursIn(timeZone: string): (at: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const hours = Number(parts.get('hour'));
    return ['Sat', 'Sun'].includes(parts.get('weekday') ?? '') || hours < 7 || hours >= 19;
  };
}

/** What was asked for together is asked once of each: a fleet is no habit. */
function togetherOnce(requests: readonly RequestFact[], of: (request: RequestFact) => string): readonly RequestFact[] {
  const seen = new Set<string>();
  return requests.filter((request) => {
    if (request.setId === null) return true;
    const key = `${request.setId} ${of(request)}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

function habits(
  requests: readonly RequestFact[],
  what: string,
  count: (own: readonly RequestFact[]) => number,
): ReportRow[] {
  const { percent, requests: least } = thresholds.habit;
  const asked = togetherOnce(requests, ({ requestedBy }) => requestedBy);
  return [...Map.groupBy(asked, ({ requestedBy }) => requestedBy)]
    .filter(([, own]) => own.length >= least)
    .map(([person, own]) => {
      const [part, whole] = [count(own), own.length];
      return {
        subject: person,
        about: [{ kind: 'person', id: person }],
        values: { requests: whole, alike: part, percent: percentOf(part, whole) },
        flagged: exceeds(part, whole, percent),
        sentence: `${part} of ${whole} requests of one person ${what}.`,
      };
    });
}
