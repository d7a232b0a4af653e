import { own } from '@postern/shared/own';
import type { Json } from '@postern/shared/canonical';
import { osVersion } from '@postern/shared/checks/os-version';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Instant } from '@postern/shared/time';
import { isEnforced } from './counting.ts';
import { describeValue } from './describe-value.ts';
import { releaseOf, withRelease } from './release-of.ts';
import type { Brake } from './brake.ts';
import type { Rulebook } from './rulebook.ts';
import type { Subject } from './subject.ts';
import { concernsResource, concernsSubject } from './scope.ts';
import { aboutTargets, targetsOn } from './targets.ts';
import type { CompiledPolicy, CompiledRule, Context, FailingSince, RuleFinding } from './types.ts';
import {
  isAbsence,
  notReported,
  notLookedAt,
  tooLittle,
  whyUnknown,
  whyUnsupported,
  withoutAnswer,
} from './unanswered.ts';

interface Evidence {
  rulebook: Pick<Rulebook, 'policies' | 'tiers' | 'releases'>;
  subject: Subject;
  /** As they are to be judged: hold.ts puts those before a doubted change in place of those after it. */
  readings: Readings;
  /** Which checks are held, by which brake. */
  held: ReadonlyMap<string, Brake>;
  /** What is remembered of the device so far: an answer that is missing after a failure is no way out of it. */
  failingSince: FailingSince;
  now: Instant;
}

/**
 * What each rule gives that applies to a person, their device and a resource, before deadlines and exceptions. Never
 * throws: what cannot be evaluated is unknown, with the reason.
 *
 * @param evidence.resource what access is asked for; null for the device as such: policies for certain resources are then left out
 */
export function evaluate(evidence: Evidence & { resource: string | null }): RuleFinding[] {
  const { resource, rulebook } = evidence;
  const asked = resource === null ? null : { name: resource, tier: rulebook.tiers.get(resource) ?? null };
  const policies = rulebook.policies.filter(({ document }) => concernsResource(document.applies_to, asked));
  return findingsOf(evidence, policies, asked);
}

/**
 * The same over every policy of the device, whatever resource it is for. Deadlines and the ends of exceptions are
 * kept by this: a rule for one resource fails from the first attestation on that shows it, not from the first request.
 */
export function evaluateAll(evidence: Evidence): RuleFinding[] {
  return findingsOf(evidence, evidence.rulebook.policies, 'any');
}

function findingsOf(
  evidence: Evidence,
  policies: readonly CompiledPolicy[],
  resource: Context['resource'],
): RuleFinding[] {
  const { rulebook, subject, readings, now } = evidence;
  const context: Context = {
    subject,
    resource,
    now,
    get release() {
      return releaseOf(rulebook.releases, readings, now);
    },
  };
  return policies
    .filter(({ document }) => concernsSubject(document.applies_to, subject))
    .flatMap((policy) => policy.rules.map((rule) => findingOf(policy, rule, evidence, context)));
}

function findingOf(policy: CompiledPolicy, rule: CompiledRule, evidence: Evidence, context: Context): RuleFinding {
  const { readings, failingSince, held } = evidence;
  const { platform } = context.subject;
  const { check, on_unknown: onUnknown, on_unsupported: onUnsupported, report_only: watched } = rule.document;
  const finding = {
    policy,
    rule,
    platform,
    reportOnly: watched || !isEnforced(policy),
    held: held.get(check) ?? null,
    observed: null,
    value: null,
    reason: null,
    unanswered: null,
  };
  const elsewhere = whyNotHere(rule, context);
  if (elsewhere !== undefined) return { ...finding, outcome: 'not-applicable', reason: elsewhere };
  const seenFailing = own(failingSince, rule.reference)?.failed === true;
  const unknown = (reason: string) => withoutAnswer(onUnknown, reason, seenFailing);
  const reading = own(readings, check);
  if (reading === undefined) return { ...finding, ...unknown(notReported) };
  if (reading.status === 'unknown') return { ...finding, ...unknown(whyUnknown(reading)) };
  if (reading.status === 'unsupported') {
    const why = whyUnsupported(reading);
    if (!isAbsence(reading.reason)) return { ...finding, ...unknown(why) };
    const doubt = onUnsupported === 'skip' ? '' : ' Only the device says so, and the policy wants to see it.';
    return { ...finding, ...withoutAnswer(onUnsupported, `${why}${doubt}`, seenFailing) };
  }
  const { value, missing } = seenBy(rule, reading.value, context);
  // What is known of a release changes by the day, as the clock does; whoever reads neither is not shown it.
  const told = check === osVersion.id && rule.usesNow ? withRelease(value, context.release) : value;
  const observed = describeValue(told);
  const seen = { ...finding, value, observed };
  if (missing !== undefined) return { ...seen, ...unknown(notLookedAt(missing)) };
  try {
    return { ...seen, outcome: rule.passes(value, context) ? 'pass' : 'fail' };
  } catch (error) {
    return { ...seen, ...unknown(tooLittle(error)) };
  }
}

/** The value of the reading, or what it says of the paths that the rule names. */
function seenBy(rule: CompiledRule, value: Json, { subject }: Context): { value: Json; missing: string | undefined } {
  const paths = targetsOn(rule.document, subject.platform);
  return paths.length === 0 ? { value, missing: undefined } : aboutTargets(value, paths);
}

/** Why a rule does not apply to this device; undefined where it does. */
function whyNotHere(rule: CompiledRule, context: Context): string | undefined {
  const { platforms, targets } = rule.document;
  const { platform } = context.subject;
  if (platforms !== undefined && !platforms.includes(platform))
    return `The rule is for ${platforms.join(' and ')} only.`;
  if (targets !== undefined && targetsOn(rule.document, platform).length === 0)
    return 'The rule names nothing to look at on this system.';
  // Like a policy for certain resources, which is left out as well.
  if (rule.usesResource && context.resource === null) return 'Whether the rule applies depends on what is asked for.';
  return rule.applies(context) ? undefined : 'The condition of the rule does not apply here.';
}
