import { canonicalJson } from '@postern/shared/canonical';
import { findCheck } from '@postern/shared/checks/catalogue';
import { sha256 } from '@postern/shared/digest';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import { compileExpression } from './expression.ts';
import { milliseconds } from './milliseconds.ts';
import type { CompiledPolicy, CompiledRule } from './types.ts';

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
  const { usesNow, evaluate } = compileExpression(rule.require, check);
  return {
    reference: `${policy}/${rule.id}`,
    hash: hashOf(rule),
    document: rule,
    timeToFixMs: rule.time_to_fix === 'never' ? null : milliseconds(rule.time_to_fix),
    exceptions:
      rule.exceptions === false
        ? null
        : {
            maxDurationMs: milliseconds(rule.exceptions.max_duration),
            maxTotalMs: milliseconds(rule.exceptions.max_total),
            approvals: rule.exceptions.approvals,
          },
    usesNow,
    passes: evaluate,
  };
}

/** What an approver agreed to depart from. Titles, fixes and deadlines may change without a new approval. */
function hashOf({ check, require, platforms, on_unknown, on_unsupported, exceptions }: PolicyRule): string {
  const demand = { check, require, platforms: platforms?.toSorted() ?? null, on_unknown, on_unsupported };
  return sha256(canonicalJson({ ...demand, exceptions }));
}
