import { catalogue, findCheck } from '@postern/shared/checks/catalogue';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import { compileExpression, ExpressionError } from './expression.ts';
import { limits, outside } from './limits.ts';
import { milliseconds } from './milliseconds.ts';

/** What is wrong, and where in the document. */
export interface DocumentFault {
  path: readonly (string | number)[];
  message: string;
}

/** What a schema cannot say about the times of a document: whether they make sense. */
export function timeFaults(document: Pick<PolicyDocument, 'max_age' | 'token_life'>): DocumentFault[] {
  return [
    ...found(['max_age'], outside(milliseconds(document.max_age), limits.maxAge)),
    ...found(['token_life'], outside(milliseconds(document.token_life), limits.tokenLife)),
  ];
}

/** Rules for systems that the policy is not for. */
export function scopeFaults(document: PolicyDocument): DocumentFault[] {
  return document.rules.flatMap((rule, index) => neverApplies(rule, document.applies_to.platforms, index));
}

/** What is wrong with what one rule demands; `index` is its place in `rules`. */
export function demandFaults(
  { check: id, require }: Pick<PolicyRule, 'check' | 'require'>,
  index: number,
): DocumentFault[] {
  const check = findCheck(id);
  if (check === undefined) {
    const known = catalogue.map((each) => each.id).join(', ');
    return [{ path: ['rules', index, 'check'], message: `is not in the catalogue of checks: ${known}` }];
  }
  try {
    compileExpression(require, check);
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ path: ['rules', index, 'require'], message: error.message }];
  }
}

/** What is wrong with how long a rule may be departed from. */
export function termFaults({ time_to_fix: timeToFix, exceptions }: PolicyRule, index: number): DocumentFault[] {
  const at = (...path: string[]) => ['rules', index, ...path];
  const faults =
    timeToFix === 'never' ? [] : found(at('time_to_fix'), outside(milliseconds(timeToFix), limits.timeToFix));
  if (exceptions === false) return faults;
  const duration = milliseconds(exceptions.max_duration);
  const total = milliseconds(exceptions.max_total);
  return [
    ...faults,
    ...found(at('exceptions', 'max_duration'), outside(duration, limits.exceptionDuration)),
    ...found(at('exceptions', 'max_total'), outside(total, limits.exceptionTotal)),
    ...found(at('exceptions', 'max_total'), total < duration ? 'must not be less than max_duration' : undefined),
  ];
}

function neverApplies(
  rule: PolicyRule,
  platforms: PolicyDocument['applies_to']['platforms'],
  index: number,
): DocumentFault[] {
  if (platforms === undefined || rule.platforms === undefined) return [];
  const applies = rule.platforms.some((platform) => platforms.includes(platform));
  return found(['rules', index, 'platforms'], applies ? undefined : 'names no system that the policy applies to');
}

function found(path: readonly (string | number)[], message: string | undefined): DocumentFault[] {
  return message === undefined ? [] : [{ path, message }];
}
