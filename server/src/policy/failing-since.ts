import { own } from '@postern/shared/own';
import type { Instant } from '@postern/shared/time';
import { countedSince, countsAsFailing } from './counting.ts';
import type { FailingSince, RuleFinding } from './types.ts';

/**
 * Since when each rule has not passed and has counted, after new findings, and whether it was seen failing. Only a pass ends
 * either: going blind (unknown) or claiming that the rule does not apply starts no new grace and unsees no failure. Its time
 * to fix begins when it first counts, so that nobody is blocked who was not told before; a policy that only watches, or
 * never blocks, ends it.
 *
 * @param findings of evaluateAll: a rule that is not among them is gone and forgotten
 */
export function trackFailing(previous: FailingSince, findings: readonly RuleFinding[], now: Instant): FailingSince {
  const failing: Record<string, FailingSince[string]> = {};
  for (const finding of findings) {
    const { rule, outcome } = finding;
    const before = own(previous, rule.reference);
    if (outcome === 'pass') continue;
    if (outcome === 'not-applicable' && before === undefined) continue;
    // A clock that was ahead must not lend time.
    const since = Math.min(before?.since ?? now, now);
    const counted = countedAfter(before, finding, now);
    failing[rule.reference] = {
      since,
      failed: outcome === 'fail' || before?.failed === true,
      ...(counted === since ? {} : { countedSince: counted }),
    };
  }
  return failing;
}

function countedAfter(before: FailingSince[string] | undefined, finding: RuleFinding, now: Instant): Instant | null {
  const canCount = !finding.reportOnly && finding.rule.timeToFixMs !== null;
  if (!canCount) return null;
  const counted = countedSince(before);
  if (counted !== null) return Math.min(counted, now);
  return countsAsFailing(finding) ? now : null;
}
