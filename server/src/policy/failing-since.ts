import type { Instant } from '@postern/shared/time';
import type { FailingSince, RuleFinding } from './types.ts';

/**
 * Since when each rule has not passed, after new findings. Only a pass ends the time that a rule has failed: going
 * blind (unknown) or claiming that the rule does not apply starts no new grace.
 *
 * @param findings of evaluateAll: a rule that is not among them is gone and forgotten
 */
export function trackFailing(previous: FailingSince, findings: readonly RuleFinding[], now: Instant): FailingSince {
  const since: Record<string, Instant> = {};
  for (const { rule, outcome } of findings) {
    const before = Object.hasOwn(previous, rule.reference) ? previous[rule.reference] : undefined;
    if (outcome === 'pass') continue;
    if (outcome === 'not-applicable' && before === undefined) continue;
    // A clock that was ahead must not lend time.
    since[rule.reference] = Math.min(before ?? now, now);
  }
  return since;
}
