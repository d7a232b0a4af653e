import type { Impact } from '@postern/shared/protocol/impact';
import type { RuleResult, RuleStanding } from '@postern/shared/protocol/verdict';
import { type Instant, second, toTimestamp } from '@postern/shared/time';
import { type DeviceFacts, standingOf } from '../../devices/index.ts';
import type { Rulebook } from '../../policy/index.ts';
import type { ExceptionFacts } from '../../policy/types.ts';
import { decide } from '../../tokens/index.ts';
import { findingsFor, observedOf } from '../observe.ts';
import type { ApprovalPlan } from '../plan/index.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/** What would be granted. */
export type Granting = Pick<
  ExceptionRecord,
  'kind' | 'role' | 'rules' | 'resources' | 'durationMs' | 'startsAt' | 'extendsId'
>;

/** More resources than this nobody looks at, and each is judged twice. */
const shown = 50;

/** From the standing that matters most. */
const byWeight: readonly RuleStanding[] = [
  'blocked',
  'grace',
  'warned',
  'excepted',
  'reported',
  'fine',
  'not-applicable',
];

/**
 * What granting this now would do. The resources are judged by the one decision behind tokens, with and without an exception
 * that is not there. Pure.
 *
 * @param guarded every resource that a gateway protects: what an exception without resources is for
 */
export function impactOf(
  { facts, rulebook, guarded }: { facts: DeviceFacts; rulebook: Rulebook; guarded: ReadonlySet<string> },
  granting: Granting,
  now: Instant,
): Pick<Impact, 'waived' | 'enforced' | 'resources' | 'moreResources'> {
  const names = resourcesOf(granting.resources, guarded);
  const listed = listedResources(granting.resources, guarded);
  const after = { ...facts, exceptions: [...facts.exceptions, hypothetical(facts, rulebook, granting, now)] };
  const decisions = listed.map((name) => ({
    name,
    before: decide(facts, rulebook, name, now),
    afterwards: decide(after, rulebook, name, now),
  }));
  return {
    waived: findingsFor(rulebook, facts, granting.rules, now).map(({ rule, observed, outcome }) => ({
      rule: rule.reference,
      title: rule.document.title,
      severity: rule.document.severity,
      expected: rule.document.expected,
      observed,
      outcome,
    })),
    enforced: [
      ...gravest([
        ...(standingOf(after, rulebook, null, now)?.verdict.rules ?? []),
        ...decisions.flatMap(({ afterwards }) => afterwards.verdict?.rules ?? []),
      ]),
    ]
      .filter(([rule]) => !granting.rules.includes(rule))
      .map(([rule, { title, severity, expected, observed, standing }]) => ({
        rule,
        title,
        severity,
        expected,
        observed,
        standing,
      })),
    resources: decisions.map(({ name, before, afterwards }) => ({
      name,
      tier: rulebook.tiers.get(name) ?? null,
      openBefore: before.granted,
      openAfter: afterwards.granted,
      tokenLifeSecondsBefore: lifeOf(before),
      tokenLifeSecondsAfter: lifeOf(afterwards),
    })),
    moreResources: names.length - listed.length,
  };
}

/** When it begins and ends if it is approved now. */
export function timeOf(
  { durationMs, startsAt, kind, extendsId }: Granting,
  plan: Pick<ApprovalPlan, 'begins' | 'useWithinMs' | 'emergency'> | null,
  now: Instant,
): Impact['time'] {
  const durationSeconds = Math.floor(durationMs / second);
  // What is extended is in use already.
  if (kind === 'access' && plan?.begins === 'first-use' && extendsId === null && !plan.emergency)
    return { durationSeconds, beginsAt: null, expiresAt: toTimestamp(now + plan.useWithinMs) };
  const beginsAt = startsAt !== null && startsAt > now ? startsAt : now;
  return { durationSeconds, beginsAt: toTimestamp(beginsAt), expiresAt: toTimestamp(beginsAt + durationMs) };
}

/** As it would be if it were approved now and began at once. */
function hypothetical(facts: DeviceFacts, rulebook: Rulebook, granting: Granting, now: Instant): ExceptionFacts {
  const { kind, role, rules, resources, durationMs } = granting;
  return {
    id: 'exc_00000000000000000000000000000000',
    kind,
    role,
    personId: facts.owner.id,
    deviceId: facts.id,
    jkt: facts.jkt,
    rules,
    resources,
    observed: kind === 'access' ? {} : observedOf(findingsFor(rulebook, facts, rules, now)),
    state: 'active',
    approvedAt: now,
    beginsAt: now,
    expiresAt: now + durationMs,
    durationMs,
    endedAt: null,
  };
}

/** In whole seconds; 0 where there is no token. */
function lifeOf(decision: ReturnType<typeof decide>): number {
  return decision.granted ? Math.floor(decision.lifeMs / second) : 0;
}

/** Resources that something is for, as many as anybody looks at. */
export function listedResources(resources: readonly string[], guarded: ReadonlySet<string>): string[] {
  return resourcesOf(resources, guarded).slice(0, shown);
}

/** No resources means all. */
function resourcesOf(resources: readonly string[], guarded: ReadonlySet<string>): readonly string[] {
  return resources.length > 0 ? resources : [...guarded].toSorted();
}

/** Each rule once, by reference, with the gravest of its standings on the device as such and on the resources. */
export function gravest(results: readonly RuleResult[]): Map<string, RuleResult> {
  const kept = new Map<string, RuleResult>();
  for (const result of results) {
    const reference = `${result.policy}/${result.rule}`;
    const known = kept.get(reference);
    if (known === undefined || byWeight.indexOf(result.standing) < byWeight.indexOf(known.standing))
      kept.set(reference, result);
  }
  return kept;
}
