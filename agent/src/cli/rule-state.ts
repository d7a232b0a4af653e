import type { RuleResult } from '@postern/shared/protocol/verdict';
import { sayDay, sayMoment } from './say-time.ts';
import type { Colour } from './style.ts';

export interface RuleState {
  sign: string;
  words: string;
  colour: Colour;
}

/**
 * A rule's result in the words, the sign and the colour that mean the same in CLI, tray, console and mail (DESIGN, "How
 * it speaks and looks"). What it means for access comes first: an unknown that blocks is "Blocked".
 */
export function ruleStateOf(rule: RuleResult): RuleState {
  switch (rule.standing) {
    case 'excepted':
      return {
        sign: '⧗',
        words: rule.exception === null ? 'Excepted' : `Excepted until ${sayMoment(rule.exception.expiresAt)}`,
        colour: 'violet',
      };
    case 'blocked':
      return { sign: '✗', words: 'Blocked', colour: 'red' };
    case 'grace':
      return {
        sign: '◷',
        words: rule.deadline === null ? 'Fix soon' : `Fix by ${sayDay(rule.deadline)}`,
        colour: 'amber',
      };
    case 'not-applicable':
      return { sign: '–', words: 'Does not apply', colour: 'grey' };
    case 'warned':
    case 'fine':
      if (rule.outcome === 'unknown') return { sign: '?', words: 'Could not check', colour: 'grey' };
      // A rule that never blocks still says that it fails.
      return rule.outcome === 'fail'
        ? { sign: '!', words: 'Please fix', colour: 'amber' }
        : { sign: '✓', words: 'Fine', colour: 'green' };
  }
}

/** Why it is so, in one line; empty where there is nothing to say. */
export function reasonOf(rule: RuleResult): string {
  const { outcome, observed, reason, expected } = rule;
  if (outcome === 'not-applicable') return reason ?? '';
  if (outcome === 'pass') return observed ?? '';
  if (outcome === 'unknown') return `Could not check: ${reason ?? 'no reason was given'}`;
  return `${reason ?? (observed === null ? 'Not as expected' : `Is: ${observed}`)}. Expected: ${expected}`;
}
