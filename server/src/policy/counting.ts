import type { Instant } from '@postern/shared/time';
import type { CompiledPolicy, FailingSince, RuleFinding } from './types.ts';

/** Whether a policy has a say, and does not only watch. */
export function isEnforced({ document }: CompiledPolicy): boolean {
  return document.enforcement === 'enforce';
}

/** Whether a finding closes access once its time is over: a failure, or a missing answer that is taken for one. */
export function countsAsFailing({ rule, outcome, unanswered, reportOnly }: RuleFinding): boolean {
  return !reportOnly && rule.timeToFixMs !== null && (outcome === 'fail' || unanswered === 'block');
}

/** Since when the time to fix of a rule has run; null where it has not. */
export function countedSince(remembered: FailingSince[string] | undefined): Instant | null {
  if (remembered === undefined) return null;
  return remembered.countedSince === undefined ? remembered.since : remembered.countedSince;
}
