import { canonicalJson } from '@postern/shared/canonical';
import { findCheck } from '@postern/shared/checks/catalogue';
import { sha256 } from '@postern/shared/digest';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import { compileCondition, compileExpression, type Expression } from './expression.ts';
import { milliseconds } from './milliseconds.ts';
import type { CompiledPolicy, CompiledRule, Context } from './types.ts';

/**
 * Makes a document ready to be evaluated. Done when a policy is loaded, never for a request.
 * Throws for a document that readPolicyDocument would have refused.
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
  const check = findCheck(rule.check);
  if (check === undefined) throw new TypeError(`${policy}/${rule.id}: there is no check '${rule.check}'`);
  const requirement = compileExpression(rule.require, check);
  const condition = rule.when === undefined ? undefined : compileCondition(rule.when);
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
          },
    usesNow: requirement.usesNow || condition?.usesNow === true,
    usesResource: condition?.usesResource === true,
    applies: (context) => condition === undefined || isTrue(condition, context),
    passes: (value, context) => requirement.evaluate(context, value),
  };
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
