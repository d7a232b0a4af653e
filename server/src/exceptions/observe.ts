import type { Instant } from '@postern/shared/time';
import { type DeviceFacts, judgedReadings, subjectOf } from '../devices/index.ts';
import { evaluateAll, type Rulebook } from '../policy/index.ts';
import type { ObservedRule, RuleFinding, RuleReference } from '../policy/types.ts';

/** What the rules of an exception find on its device now. */
export function findingsFor(
  rulebook: Rulebook,
  facts: DeviceFacts,
  rules: readonly RuleReference[],
  now: Instant,
): RuleFinding[] {
  return findingsOf(rulebook, facts, now).filter(({ rule }) => rules.includes(rule.reference));
}

/** What all rules find on a device now, whatever resource they are for. */
export function findingsOf(rulebook: Rulebook, facts: DeviceFacts, now: Instant): RuleFinding[] {
  const posture = facts.posture ?? { readings: {}, failingSince: {}, flips: {}, build: null };
  const judged = judgedReadings(facts, posture, rulebook, now);
  const { failingSince } = posture;
  return evaluateAll({ rulebook, subject: subjectOf(facts), ...judged, failingSince, now });
}

/** The same, as an exception remembers it: what was seen when it was asked for, and when it was approved. */
export function observedOf(findings: readonly RuleFinding[]): Record<RuleReference, ObservedRule> {
  return Object.fromEntries(
    findings.map(({ rule, policy, outcome, value }) => [
      rule.reference,
      { ruleHash: rule.hash, policyVersion: policy.version, outcome, value },
    ]),
  );
}
