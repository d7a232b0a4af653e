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
      return { sign: '◷', words: graceWords(rule), colour: 'amber' };
    case 'not-applicable':
      return { sign: '–', words: 'Does not apply', colour: 'grey' };
    case 'reported':
      // It fails, and nobody is asked to do anything about it yet.
      return rule.outcome === 'unknown'
        ? { sign: '?', words: 'Could not check', colour: 'grey' }
        : { sign: '–', words: 'Only watched', colour: 'grey' };
    case 'warned':
    case 'fine':
      if (rule.outcome === 'unknown') return { sign: '?', words: 'Could not check', colour: 'grey' };
      // A rule that never blocks still says that it fails.
      return rule.outcome === 'fail'
        ? { sign: '!', words: 'Please fix', colour: 'amber' }
        : { sign: '✓', words: 'Fine', colour: 'green' };
  }
}

/** First the person is told, then warned: the words say which it is. */
function graceWords({ deadline, stage }: RuleResult): string {
  if (deadline === null) return 'Fix soon';
  return stage === 'warn' ? `Fix now, blocked on ${sayDay(deadline)}` : `Fix by ${sayDay(deadline)}`;
}

/** Why it is so, in one line; empty where there is nothing to say. */
export function reasonOf(rule: RuleResult): string {
  const why = ownReasonOf(rule);
  if (rule.held === null) return why;
  const held = `Held until ${sayMoment(rule.held.until)}: many devices changed at once, so the result from before counts.`;
  return why === '' ? held : `${why.replace(/\.$/, '')}. ${held}`;
}

function ownReasonOf({ outcome, standing, observed, reason, expected }: RuleResult): string {
  switch (outcome) {
    case 'pass':
      return observed ?? '';
    case 'not-applicable':
      return reason ?? '';
    case 'unknown': {
      const why = reason ?? 'No reason was given.';
      // Where the result does not say so already.
      return standing === 'warned' || standing === 'fine' || standing === 'reported' ? why : `Could not check: ${why}`;
    }
    case 'fail': {
      const seen = reason ?? (observed === null ? 'Not as expected' : `Is: ${observed}`);
      return `${seen.replace(/\.$/, '')}. Expected: ${expected}`;
    }
  }
}
