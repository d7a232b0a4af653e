import { catalogue, findCheck } from '@postern/shared/checks/catalogue';
import { platforms as systems } from '@postern/shared/checks/define';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import { suggestion } from '../nearest-name.ts';
import { ExpressionError } from './expression-error.ts';
import { compileCondition, compileExpression } from './expression.ts';
import { limits, outside } from './limits.ts';
import { milliseconds } from './milliseconds.ts';

/** What is wrong, and where in the document. */
export interface DocumentFault {
  path: readonly (string | number)[];
  message: string;
  /** Where in the text at the path, in characters; undefined where it is about all of it. */
  offset?: number | undefined;
  /** It is about the key at the path, and not about its value. */
  isOfKey?: true;
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
  const { platforms } = document.applies_to;
  return document.rules.flatMap((rule, index) => {
    const applies = systemsOf(rule, platforms).length > 0;
    return found(['rules', index, 'platforms'], applies ? undefined : 'names no system that the policy applies to');
  });
}

/** The systems on which a rule may apply. */
export function systemsOf(
  { platforms }: Pick<PolicyRule, 'platforms'>,
  ofPolicy: PolicyDocument['applies_to']['platforms'],
) {
  return systems.filter((each) => (platforms?.includes(each) ?? true) && (ofPolicy?.includes(each) ?? true));
}

/** What is wrong with what one rule demands; `index` is its place in `rules`. */
export function demandFaults(
  { check: id, require }: Pick<PolicyRule, 'check' | 'require'>,
  index: number,
): DocumentFault[] {
  const check = findCheck(id);
  if (check !== undefined)
    return expressionFaults(['rules', index, 'require'], () => compileExpression(require, check));
  const known = catalogue.map((each) => each.id);
  const hint = suggestion(id, known) || '.';
  const message = `is not in the catalogue of checks${hint} There are ${known.join(', ')}`;
  return [{ path: ['rules', index, 'check'], message }];
}

/** What is wrong with whom one rule is for. */
export function conditionFaults({ when }: { when?: string | undefined }, index: number): DocumentFault[] {
  return when === undefined ? [] : expressionFaults(['rules', index, 'when'], () => compileCondition(when));
}

function expressionFaults(path: DocumentFault['path'], compile: () => unknown): DocumentFault[] {
  try {
    compile();
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ path, message: error.message, offset: error.offset }];
  }
}

/** What is wrong with when a rule blocks, and with how long it may be departed from. */
export function termFaults(rule: PolicyRule, index: number): DocumentFault[] {
  const { time_to_fix: timeToFix, exceptions } = rule;
  const at = (...path: string[]) => ['rules', index, ...path];
  const faults = [
    ...(timeToFix === 'never' ? [] : found(at('time_to_fix'), outside(milliseconds(timeToFix), limits.timeToFix))),
    ...found(at('warn_before'), warningFault(rule)),
  ];
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

function warningFault({ warn_before: given, time_to_fix: timeToFix }: PolicyRule): string | undefined {
  if (given === undefined) return undefined;
  if (timeToFix === 'never') return 'has no meaning where time_to_fix is never: it does not block';
  return milliseconds(given) > milliseconds(timeToFix) ? 'must not be more than time_to_fix' : undefined;
}

export function found(path: DocumentFault['path'], message: string | undefined): DocumentFault[] {
  return message === undefined ? [] : [{ path, message }];
}
