import type { RuleResult, RuleStanding } from '@postern/shared/protocol/verdict';

const order: readonly RuleStanding[] = ['blocked', 'grace', 'excepted', 'warned', 'reported', 'fine', 'not-applicable'];

/** Rules by whether somebody has to look at them: what is in the way first, what is fine only counted. */
export interface Sorted {
  attention: readonly RuleResult[];
  fine: readonly RuleResult[];
  silent: readonly RuleResult[];
}

/** Sorts rules by what they ask of whoever looks. */
export function sortRules(rules: readonly RuleResult[]): Sorted {
  const sorted = rules.toSorted(
    (a, b) => order.indexOf(a.standing) - order.indexOf(b.standing) || a.title.localeCompare(b.title),
  );
  const isSilent = ({ standing, outcome }: RuleResult) =>
    standing === 'not-applicable' || (standing === 'fine' && outcome !== 'pass');
  return {
    attention: sorted.filter((rule) => rule.standing !== 'fine' && rule.standing !== 'not-applicable'),
    fine: sorted.filter((rule) => rule.standing === 'fine' && rule.outcome === 'pass'),
    silent: sorted.filter(isSilent),
  };
}
