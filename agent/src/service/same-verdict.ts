import { canonicalJson } from '@postern/shared/canonical';
import type { Verdict } from '@postern/shared/protocol/verdict';

/** Whether two verdicts mean the same to the person: same status, and for each rule same standing, stage, deadline and exception. */
export function sameVerdict(left: Verdict, right: Verdict): boolean {
  return essence(left) === essence(right);
}

function essence({ status, rules }: Verdict): string {
  return canonicalJson([
    status,
    rules.map((rule) => [
      rule.policy,
      rule.rule,
      rule.outcome,
      rule.standing,
      rule.stage,
      rule.deadline,
      rule.exception?.id ?? null,
      rule.held?.brake ?? null,
    ]),
  ]);
}
