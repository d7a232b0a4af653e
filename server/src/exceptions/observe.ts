import type { Instant } from '@postern/shared/time';
import type { DeviceFacts } from '../devices/index.ts';
import { evaluateAll } from '../policy/index.ts';
import type { CompiledPolicy, ObservedRule, RuleFinding, RuleReference } from '../policy/types.ts';

/** What the rules of an exception find on its device now. */
export function findingsFor(
  policies: readonly CompiledPolicy[],
  { posture, platform }: DeviceFacts,
  rules: readonly RuleReference[],
  now: Instant,
): RuleFinding[] {
  const { readings, failingSince } = posture ?? { readings: {}, failingSince: {} };
  const findings = evaluateAll({ policies, readings, platform, failingSince, now });
  return findings.filter(({ rule }) => rules.includes(rule.reference));
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
