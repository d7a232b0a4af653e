import type { Instant } from '@postern/shared/time';
import { judgedReadings, subjectOf } from '../devices/index.ts';
import { evaluateAll, isLive, isResolved, trackFailing, type VoidCause, voidCause } from '../policy/index.ts';
import type { ExceptionFacts, RuleFinding } from '../policy/types.ts';
import type { Comparison, Part } from './comparison.ts';
import { type Attested, firstToBlock, type Found, type Moment, type Outlook, outlooksAt } from './outlook.ts';

/** An exception that the next report would end. */
export interface ExceptionEnd {
  exception: ExceptionFacts;
  /** Null: all its rules pass, nothing is left to except. */
  cause: VoidCause | null;
}

export interface Projection {
  /** In the order of `Comparison.resources`. */
  outlooks: readonly Outlook[];
  ended: readonly ExceptionEnd[];
  /** What the policy that differs finds now, whatever resource it is for. */
  findings: readonly RuleFinding[];
}

/**
 * Both sides, for a device that goes on to report what it reported last: at `now`, when the clock of what fails newly
 * starts, and whenever a brake lets go. Expressions that read the clock are answered for those instants only.
 */
export function project(facts: Attested, comparison: Comparison, now: Instant): Record<'before' | 'after', Projection> {
  const moments = momentsOf(facts, comparison, now);
  const shared = findAt(comparison.shared, moments);
  const side = (part: Part): Projection => {
    const own = findAt(part, moments);
    const { ended, lasting } = endsOf(moments, shared, own);
    const each = moments.map((moment, index) =>
      outlooksAt(
        moment,
        [shared[index], own[index]].filter((found) => found !== undefined),
        lasting[index] ?? [],
        comparison,
      ),
    );
    return { outlooks: firstToBlock(each), ended, findings: own[0]?.all ?? [] };
  };
  return { before: side(comparison.before), after: side(comparison.after) };
}

function momentsOf(facts: Attested, { current }: Comparison, now: Instant): Moment[] {
  const ends = current.brakes.map(({ endsAt }) => endsAt).filter((end) => end > now);
  const starts = [now, ...new Set(ends.toSorted((left, right) => left - right))];
  const moments: Moment[] = [];
  for (const [index, at] of starts.entries()) {
    const judged = judgedReadings(facts, facts.posture, current, at);
    moments.push({ facts, judged, at, until: starts[index + 1] ?? Infinity });
    // Nothing is held: no later end of a brake changes anything.
    if (judged.held.size === 0)
      return moments.map((each, last) => (last === index ? { ...each, until: Infinity } : each));
  }
  return moments;
}

function findAt(part: Part, moments: readonly Moment[]): Found[] {
  const found: Found[] = [];
  for (const { facts, judged, at } of moments) {
    const remembered = found.at(-1)?.failing ?? facts.posture.failingSince;
    const all = evaluateAll({
      ...judged,
      rulebook: part.rulebook,
      subject: subjectOf(facts),
      failingSince: remembered,
      now: at,
    });
    found.push({ part, all, remembered, failing: trackFailing(remembered, all, at) });
  }
  return found;
}

/** Which exceptions a report ends at its moment, and which are left then. */
function endsOf(moments: readonly Moment[], shared: readonly Found[], own: readonly Found[]) {
  const ended: ExceptionEnd[] = [];
  const lasting: (readonly ExceptionFacts[])[] = [];
  for (const [index, { facts, at }] of moments.entries()) {
    let left = lasting.at(-1) ?? facts.exceptions;
    if (left.length > 0) {
      const findings = [...(shared[index]?.all ?? []), ...(own[index]?.all ?? [])];
      const holder = { findings, personId: facts.owner.id, deviceId: facts.id, jkt: facts.jkt, now: at };
      const ends = left.flatMap((exception): ExceptionEnd[] => {
        if (!isLive(exception, at)) return [];
        if (isResolved(exception, findings)) return [{ exception, cause: null }];
        const cause = voidCause({ ...holder, exception });
        return cause === null ? [] : [{ exception, cause }];
      });
      left = left.filter((exception) => !ends.some((end) => end.exception === exception));
      if (index === 0) ended.push(...ends);
    }
    lasting.push(left);
  }
  return { ended, lasting };
}
