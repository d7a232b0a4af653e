import type { Id } from '@postern/shared/ids';
import type { RuleResult, RuleStanding, Verdict, VerdictStatus } from '@postern/shared/protocol/verdict';
import { fromTimestamp, type Instant, toTimestamp } from '@postern/shared/time';
import type { CompiledPolicy, FailingSince, RuleFinding, Waiver } from './types.ts';

interface Case {
  findings: readonly RuleFinding[];
  failingSince: FailingSince;
  waivers: readonly Waiver[];
  policies: readonly CompiledPolicy[];
  /** When the evidence was received. */
  evidenceAt: Instant;
  now: Instant;
}

/**
 * What the policies say of a device at one instant. The strictest rule of all policies wins, and stale evidence supports
 * nothing, whatever it says. Instants are exact: at its deadline a rule blocks, at its end an exception waives nothing, at
 * `validUntil` the evidence is stale. A device that no policy covers is not trusted: nobody has said what it must be.
 */
export function judge({ findings, failingSince, waivers, policies, evidenceAt, now }: Case): Verdict {
  const applying = policies.filter((policy) => findings.some((finding) => finding.policy === policy));
  const rules = findings.map((finding) => judgeRule(finding, failingSince, waivers, now));
  if (applying.length === 0) rules.push(uncovered(now));
  const validUntil =
    evidenceAt + Math.min(...applying.map(({ maxAgeMs }) => maxAgeMs), applying.length === 0 ? 0 : Infinity);
  return {
    status: statusOf(rules, applying.length > 0 && now >= validUntil),
    at: toTimestamp(now),
    validUntil: toTimestamp(validUntil),
    policies: applying.map(({ name, version }) => ({ name, version })),
    rules,
  };
}

function statusOf(rules: readonly RuleResult[], stale: boolean): VerdictStatus {
  if (stale) return 'stale';
  if (rules.some(({ standing }) => standing === 'blocked')) return 'non-compliant';
  if (rules.some(({ standing }) => standing === 'grace')) return 'grace';
  return 'compliant';
}

/** Whether a finding closes access once its time is over: a failure, or a missing answer that is taken for one. */
export function countsAsFailing({ rule, outcome, unanswered }: RuleFinding): boolean {
  return rule.timeToFixMs !== null && (outcome === 'fail' || unanswered === 'block');
}

function judgeRule(
  finding: RuleFinding,
  failingSince: FailingSince,
  waivers: readonly Waiver[],
  now: Instant,
): RuleResult {
  const { policy, rule, outcome } = finding;
  const notPassing = outcome === 'fail' || outcome === 'unknown';
  const since = notPassing ? Math.min(failingSince[rule.reference]?.since ?? now, now) : null;
  const failing = since !== null && countsAsFailing(finding);
  const fixBy = failing && rule.timeToFixMs !== null ? since + rule.timeToFixMs : null;
  const waiver = fixBy === null ? undefined : longestLive(waivers, rule.reference, now);
  const deadline = fixBy === null || waiver === undefined ? fixBy : Math.max(fixBy, waiver.expiresAt);
  return {
    policy: policy.name,
    policyVersion: policy.version,
    rule: rule.document.id,
    title: rule.document.title,
    check: rule.document.check,
    severity: rule.document.severity,
    outcome,
    standing: standingOf(finding, fixBy, waiver, now),
    expected: rule.document.expected,
    observed: finding.observed,
    reason: finding.reason,
    since: since === null ? null : toTimestamp(since),
    deadline: deadline === null ? null : toTimestamp(deadline),
    fix: notPassing ? fixOf(finding) : null,
    exception:
      waiver === undefined
        ? null
        : { id: waiver.exceptionId as Id<'exception'>, expiresAt: toTimestamp(waiver.expiresAt) },
  };
}

function standingOf(
  { outcome, unanswered }: RuleFinding,
  fixBy: Instant | null,
  waiver: Waiver | undefined,
  now: Instant,
): RuleStanding {
  if (outcome === 'not-applicable') return 'not-applicable';
  if (outcome === 'pass') return 'fine';
  if (unanswered === 'allow') return 'fine';
  if (fixBy === null) return 'warned';
  if (waiver !== undefined) return 'excepted';
  return now < fixBy ? 'grace' : 'blocked';
}

function longestLive(waivers: readonly Waiver[], reference: string, now: Instant): Waiver | undefined {
  return waivers
    .filter(({ rule, expiresAt }) => rule === reference && now < expiresAt)
    .reduce<Waiver | undefined>(
      (longest, each) => (longest !== undefined && longest.expiresAt >= each.expiresAt ? longest : each),
      undefined,
    );
}

function fixOf({ rule, platform }: RuleFinding): RuleResult['fix'] {
  const text = rule.document.fix?.[platform] ?? rule.document.fix?.default;
  const link = rule.document.link?.[platform] ?? rule.document.link?.default ?? null;
  if (text === undefined && link === null) return null;
  return { text: text ?? 'Follow the link.', link };
}

/** The reason that a device hears for which there is no rule at all. It belongs to no policy and nobody can be excepted from it. */
function uncovered(now: Instant): RuleResult {
  return {
    policy: 'none',
    policyVersion: 0,
    rule: 'covered',
    title: 'A policy covers this device',
    check: 'none',
    severity: 'critical',
    outcome: 'unknown',
    standing: 'blocked',
    expected: 'At least one policy applies.',
    observed: null,
    reason: 'No published policy covers this system and resource, so nothing says what to trust.',
    since: toTimestamp(now),
    deadline: toTimestamp(now),
    fix: { text: 'Ask an admin to publish a policy that covers it.', link: null },
    exception: null,
  };
}

/**
 * When the verdict changes by itself, without a new attestation, exception or policy: the evidence goes stale, a
 * deadline passes or an exception ends, whichever is first.
 */
export function nextChangeAt(verdict: Verdict): Instant {
  const ends = verdict.rules.flatMap(({ standing, deadline, exception }) => [
    ...(standing === 'grace' && deadline !== null ? [deadline] : []),
    ...(exception === null ? [] : [exception.expiresAt]),
  ]);
  return Math.min(...[verdict.validUntil, ...ends].map(fromTimestamp));
}
