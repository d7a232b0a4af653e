import { own } from '@postern/shared/own';
import { findCheck } from '@postern/shared/checks/catalogue';
import type { Id } from '@postern/shared/ids';
import type { RuleResult, RuleStanding, Verdict, VerdictStatus } from '@postern/shared/protocol/verdict';
import { fromTimestamp, type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import { countedSince, countsAsFailing, isEnforced } from './counting.ts';
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
 * `validUntil` the evidence is stale. A device that no policy covers is not trusted: nobody has said what it must be. One
 * that is only watched by policies is not covered by them: they have no say, for better or worse.
 */
export function judge({ findings, failingSince, waivers, policies, evidenceAt, now }: Case): Verdict {
  const found = new Set(findings.map(({ policy }) => policy));
  const applying = policies.filter((policy) => found.has(policy));
  const enforced = applying.filter(isEnforced);
  const rules = findings.map((finding) => judgeRule(finding, failingSince, waivers, now));
  const isCovered = enforced.length > 0;
  if (!isCovered) rules.push(uncovered(applying.length > 0, now));
  const validUntil = evidenceAt + (isCovered ? Math.min(...enforced.map(({ maxAgeMs }) => maxAgeMs)) : 0);
  const status = statusOf(rules, isCovered && now >= validUntil);
  return {
    status,
    at: toTimestamp(now),
    validUntil: toTimestamp(validUntil),
    because: causesOf(status, rules),
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

/** The strictest rules of all policies: those that make the status what it is. */
function causesOf(status: VerdictStatus, rules: readonly RuleResult[]): string[] {
  const decisive = status === 'non-compliant' ? 'blocked' : status === 'grace' ? 'grace' : undefined;
  return rules.filter(({ standing }) => standing === decisive).map(({ policy, rule }) => `${policy}/${rule}`);
}

function judgeRule(
  finding: RuleFinding,
  failingSince: FailingSince,
  waivers: readonly Waiver[],
  now: Instant,
): RuleResult {
  const { policy, rule, outcome } = finding;
  const notPassing = outcome === 'fail' || outcome === 'unknown';
  const remembered = own(failingSince, rule.reference);
  const since = notPassing ? Math.min(remembered?.since ?? now, now) : null;
  const fixBy = fixByOf(finding, remembered, now);
  const waiver = fixBy === null ? undefined : longestLive(waivers, rule.reference, now);
  const deadline = fixBy === null || waiver === undefined ? fixBy : Math.max(fixBy, waiver.expiresAt);
  const warnAt = deadline === null ? null : deadline - (rule.warnBeforeMs ?? 0);
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
    since: toTimestampOrNull(since),
    deadline: toTimestampOrNull(deadline),
    warnAt: toTimestampOrNull(warnAt),
    stage: stageOf(warnAt, deadline, now),
    reportOnly: finding.reportOnly,
    held:
      finding.held === null ? null : { brake: finding.held.id as Id<'brake'>, until: toTimestamp(finding.held.endsAt) },
    fix: notPassing ? fixOf(finding) : null,
    exception:
      waiver === undefined
        ? null
        : { id: waiver.exceptionId as Id<'exception'>, expiresAt: toTimestamp(waiver.expiresAt) },
  };
}

/** When its time is over; null where it does not count. Time in which it did not count, as while it was only watched, is not taken off. */
function fixByOf(finding: RuleFinding, remembered: FailingSince[string] | undefined, now: Instant): Instant | null {
  const { timeToFixMs } = finding.rule;
  if (timeToFixMs === null || !countsAsFailing(finding)) return null;
  return Math.min(countedSince(remembered) ?? now, now) + timeToFixMs;
}

function stageOf(warnAt: Instant | null, deadline: Instant | null, now: Instant): RuleResult['stage'] {
  if (warnAt === null || deadline === null) return null;
  if (now >= deadline) return 'block';
  return now >= warnAt ? 'warn' : 'notify';
}

function standingOf(
  finding: RuleFinding,
  fixBy: Instant | null,
  waiver: Waiver | undefined,
  now: Instant,
): RuleStanding {
  const { outcome, unanswered } = finding;
  if (outcome === 'not-applicable') return 'not-applicable';
  if (outcome === 'pass') return 'fine';
  if (unanswered === 'allow') return 'fine';
  if (finding.reportOnly) return 'reported';
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
  const { fix, link, check } = rule.document;
  const own = findCheck(check)?.fix ?? {};
  const known = own[platform] ?? own.default;
  const text = fix?.[platform] ?? fix?.default;
  const place = link?.[platform] ?? link?.default;
  // A rule that says what to do says all of it: the link of the check leads where its own words do.
  if (text !== undefined || place !== undefined)
    return { text: text ?? known?.text ?? 'Follow the link.', link: place ?? null };
  return known === undefined ? null : { text: known.text, link: known.link ?? null };
}

/** The reason that a device hears for which there is no rule at all. It belongs to no policy and nobody can be excepted from it. */
function uncovered(isWatched: boolean, now: Instant): RuleResult {
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
    reason: isWatched
      ? 'Only policies that report and do not enforce cover this, so nothing says what to trust.'
      : 'No published policy covers this system and resource, so nothing says what to trust.',
    since: toTimestamp(now),
    deadline: toTimestamp(now),
    warnAt: toTimestamp(now),
    stage: 'block',
    reportOnly: false,
    held: null,
    fix: { text: 'Ask an admin to publish a policy that covers it.', link: null },
    exception: null,
  };
}

/**
 * When the verdict changes by itself, without a new attestation, exception or policy: the evidence goes stale, a
 * deadline passes, an exception ends or a brake lets go, whichever is first.
 */
export function nextChangeAt(verdict: Verdict): Instant {
  const ends = verdict.rules.flatMap(({ standing, deadline, exception, held, reportOnly }) => [
    ...(standing === 'grace' && deadline !== null ? [deadline] : []),
    ...(exception === null ? [] : [exception.expiresAt]),
    ...(held === null || reportOnly ? [] : [held.until]),
  ]);
  return Math.min(...[verdict.validUntil, ...ends].map(fromTimestamp));
}
