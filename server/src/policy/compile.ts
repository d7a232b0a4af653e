import { EvaluationError } from '@marcbachmann/cel-js';
import { canonicalJson } from '@postern/shared/canonical';
import { findCheck } from '@postern/shared/checks/catalogue';
import type { Check } from '@postern/shared/checks/define';
import { sha256 } from '@postern/shared/digest';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import { compileCondition, compileExpression, type Expression } from './expression.ts';
import { ExpressionError } from './expression-error.ts';
import { milliseconds } from './milliseconds.ts';
import type { CompiledPolicy, CompiledRule, Context } from './types.ts';

/**
 * Makes a document ready to be evaluated. Done when a policy is loaded, never for a request. Never throws for one that was
 * published once: what this version of the program does not understand any more is unknown for every device, as the rule's
 * `on_unknown` says, and takes no other rule with it.
 */
export function compilePolicy(document: PolicyDocument, version: number): CompiledPolicy {
  return {
    name: document.policy,
    version,
    document,
    maxAgeMs: milliseconds(document.max_age),
    tokenLifeMs: milliseconds(document.token_life),
    rules: document.rules.map((rule) => compileRule(document.policy, rule)),
  };
}

function compileRule(policy: string, rule: PolicyRule): CompiledRule {
  const { require, when } = rule;
  const requirement = orNothing(() => compileExpression(require, knownCheck(rule)));
  const condition = when === undefined ? undefined : orNothing(() => compileCondition(when));
  const timeToFixMs = rule.time_to_fix === 'never' ? null : milliseconds(rule.time_to_fix);
  return {
    reference: `${policy}/${rule.id}`,
    hash: hashOf(rule),
    document: rule,
    timeToFixMs,
    warnBeforeMs: timeToFixMs === null ? null : warnBefore(rule, timeToFixMs),
    exceptions:
      rule.exceptions === false
        ? null
        : {
            maxDurationMs: milliseconds(rule.exceptions.max_duration),
            maxTotalMs: milliseconds(rule.exceptions.max_total),
            approvals: rule.exceptions.approvals,
            groups: rule.exceptions.groups ?? null,
            autoApprove: rule.exceptions.auto_approve === true,
          },
    usesNow: requirement.usesNow || condition?.usesNow === true,
    usesResource: condition?.usesResource === true,
    applies: (context) => condition === undefined || isTrue(condition, context),
    passes: (value, context) => requirement.evaluate(context, value),
  };
}

function knownCheck({ check: id }: PolicyRule): Check {
  const check = findCheck(id);
  if (check === undefined) throw new ExpressionError(`there is no check '${id}' any more`);
  return check;
}

/** An expression that has no answer for anybody, in place of one that cannot be read. */
function orNothing(read: () => Expression): Expression {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const evaluate = (): never => {
      throw new EvaluationError('this version of Postern does not understand the rule; publish it anew');
    };
    return { usesNow: false, usesResource: false, evaluate, meter: { taken: 0 } };
  }
}

/** Whom a rule is for must not be decided by an accident: what cannot be evaluated applies. */
function isTrue(condition: Expression, context: Context): boolean {
  try {
    return condition.evaluate(context, null);
  } catch {
    return true;
  }
}

function warnBefore({ warn_before: given }: PolicyRule, timeToFixMs: number): number {
  return Math.min(timeToFixMs, given === undefined ? timeToFixMs / 4 : milliseconds(given));
}

/** What an approver agreed to depart from. Titles, fixes and deadlines may change without a new approval. */
function hashOf(rule: PolicyRule): string {
  const { check, require, platforms, when, targets, on_unknown, on_unsupported, exceptions } = rule;
  const demand = { check, require, platforms: platforms?.toSorted() ?? null, on_unknown, on_unsupported };
  // What came later is left out where it is not used: a rule that did not change keeps its hash, and its exceptions.
  const later = {
    ...(when === undefined ? {} : { when }),
    ...(targets === undefined ? {} : { targets: sorted(targets) }),
  };
  return sha256(canonicalJson({ ...demand, ...later, exceptions: exceptions && withSortedGroups(exceptions) }));
}

/** The order in which things are listed says nothing. */
function sorted(targets: NonNullable<PolicyRule['targets']>) {
  return Object.fromEntries(
    Object.entries(targets).flatMap(([system, paths]) =>
      paths === undefined ? [] : [[system, [...new Set(paths)].toSorted()]],
    ),
  );
}

function withSortedGroups({ groups, ...terms }: Exclude<PolicyRule['exceptions'], false>) {
  return groups === undefined ? terms : { ...terms, groups: [...new Set(groups)].toSorted() };
}
