import type { Instant } from '@postern/shared/time';
import type { FailingSince, RuleFinding } from './types.ts';

/**
 * Since when each rule has not passed, after new findings, and whether it was seen failing. Only a pass ends either:
 * going blind (unknown) or claiming that the rule does not apply starts no new grace and unsees no failure.
 *
 * @param findings of evaluateAll: a rule that is not among them is gone and forgotten
 */
export function trackFailing(previous: FailingSince, findings: readonly RuleFinding[], now: Instant): FailingSince {
  const failing: Record<string, FailingSince[string]> = {};
  for (const { rule, outcome } of findings) {
    const before = Object.hasOwn(previous, rule.reference) ? previous[rule.reference] : undefined;
    if (outcome === 'pass') continue;
    if (outcome === 'not-applicable' && before === undefined) continue;
    // A clock that was ahead must not lend time.
    const since = Math.min(before?.since ?? now, now);
    failing[rule.reference] = { since, failed: outcome === 'fail' || before?.failed === true };
  }
  return failing;
}
