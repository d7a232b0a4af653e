import type { FaultDetail } from '@postern/shared/protocol/errors';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, sayDuration } from '@postern/shared/time';
import {
  concernsResource,
  concernsSubject,
  longestExceptionMs,
  type Rulebook,
  type Subject,
} from '../../policy/index.ts';
import type { CompiledRule, RuleReference } from '../../policy/types.ts';

export interface Terms {
  maxDurationMs: number;
  maxTotalMs: number;
  approvals: number;
  /** What is left of the totals after what was had before, whether this extends it or not. Absent: nothing was. */
  leftMs?: number;
}

/** The rules that an exception on a device, for these resources (none: all of them), could waive, by reference. */
export function rulesFor(
  { policies, tiers }: Pick<Rulebook, 'policies' | 'tiers'>,
  subject: Subject,
  resources: readonly string[],
): Map<RuleReference, CompiledRule> {
  const asked = resources.map((name) => ({ name, tier: tiers.get(name) ?? null }));
  const rules = new Map<RuleReference, CompiledRule>();
  for (const { document, rules: itsRules } of policies) {
    const scope = document.applies_to;
    if (!concernsSubject(scope, subject)) continue;
    if (asked.length > 0 && !asked.some((resource) => concernsResource(scope, resource))) continue;
    for (const rule of itsRules) {
      if (rule.document.platforms?.includes(subject.platform) ?? true) rules.set(rule.reference, rule);
    }
  }
  return rules;
}

/**
 * What all of these rules together allow: the shortest time, the most approvals.
 * Throws exception_rule_unknown or exception_not_allowed, naming each rule in the way.
 *
 * @param groups of the person whom it would be for
 */
export function termsOf(
  references: readonly RuleReference[],
  rules: ReadonlyMap<RuleReference, CompiledRule>,
  groups: readonly string[],
): Terms {
  const unknown: FaultDetail[] = [];
  const closed: FaultDetail[] = [];
  const terms: Terms = { maxDurationMs: longestExceptionMs, maxTotalMs: Number.MAX_SAFE_INTEGER, approvals: 1 };
  for (const [index, reference] of references.entries()) {
    const path = `body.rules.${index}`;
    const rule = rules.get(reference);
    if (rule === undefined)
      unknown.push({ path, message: `no rule ${reference} applies to this device and these resources` });
    else if (rule.exceptions === null) closed.push({ path, message: `${reference} allows no exception` });
    else if (rule.exceptions.groups !== null && !rule.exceptions.groups.some((group) => groups.includes(group)))
      closed.push({ path, message: `${reference} allows exceptions only to ${rule.exceptions.groups.join(', ')}` });
    else {
      terms.maxDurationMs = Math.min(terms.maxDurationMs, rule.exceptions.maxDurationMs);
      terms.maxTotalMs = Math.min(terms.maxTotalMs, rule.exceptions.maxTotalMs);
      terms.approvals = Math.max(terms.approvals, rule.exceptions.approvals);
    }
  }
  if (unknown.length > 0) throw new Fault('exception_rule_unknown', { details: unknown });
  if (closed.length > 0) throw new Fault('exception_not_allowed', { details: closed });
  return terms;
}

/**
 * Throws exception_too_long, saying how long it may be from now, unless the duration is within both limits.
 *
 * @param startedAt when the first of the exceptions that this one extends began; null when it extends none
 */
export function checkDuration(durationMs: number, terms: Terms, startedAt: Instant | null, now: Instant): void {
  const ofChainMs = (startedAt ?? now) + terms.maxTotalMs - now;
  const leftMs = Math.min(ofChainMs, terms.leftMs ?? Number.MAX_SAFE_INTEGER);
  const maxMs = Math.min(terms.maxDurationMs, leftMs);
  if (durationMs > 0 && durationMs <= maxMs) return;
  const message = durationMs <= 0 ? 'must be longer than nothing' : mostSaid(maxMs);
  throw new Fault('exception_too_long', { details: [{ path: 'body.duration', message }] });
}

function mostSaid(maxMs: number): string {
  return maxMs > 0
    ? `may be at most ${sayDuration(maxMs)}`
    : 'together with what was granted before it has lasted as long as is allowed';
}
