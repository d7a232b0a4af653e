import { own } from '@postern/shared/own';
import { findCheck } from '@postern/shared/checks/catalogue';
import type { RuleOutcome } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { countsAsFailing } from './counting.ts';
import type { CompiledRule, ExceptionFacts, ObservedRule, RuleFinding, RuleReference, Waiver } from './types.ts';

/**
 * Whether an exception is approved, begun, not over and not ended. Whether it waives anything, waiversFor says. Temporary
 * access that waits for its first use is live: using it is what begins it.
 */
export function isLive(
  exception: Pick<ExceptionFacts, 'kind' | 'state' | 'approvedAt' | 'beginsAt' | 'expiresAt' | 'endedAt'>,
  now: Instant,
): boolean {
  const { kind, state, approvedAt, beginsAt, expiresAt, endedAt } = exception;
  if (state !== 'active' || endedAt !== null || approvedAt === null || expiresAt === null) return false;
  const hasBegun = beginsAt === null ? kind === 'access' : beginsAt <= now;
  return approvedAt <= now && hasBegun && now < expiresAt;
}

/** Who asks, on what, as the findings have it. */
interface Holder {
  findings: readonly RuleFinding[];
  personId: string;
  deviceId: string;
  /** Thumbprint of the device key. */
  jkt: string;
  now: Instant;
}

/**
 * Which exceptions waive which rules at this instant: one for each rule that would otherwise count as failing. Nothing else
 * in the product decides this; whoever announces an end announces what this says already.
 *
 * @param given.groups those that the person is in now: a rule that allows exceptions to others only is not waived, whoever
 *   was in them when it was approved
 * @param given.resource what access is asked for; with null an exception for certain resources waives nothing
 */
export function waiversFor(
  given: Holder & {
    exceptions: readonly ExceptionFacts[];
    groups: readonly string[];
    resource: string | null;
  },
): Waiver[] {
  const { exceptions, groups, resource, now, findings } = given;
  const longest = new Map<RuleReference, Waiver>();
  const failing = findings.filter(countsAsFailing);
  for (const exception of exceptions) {
    const { id, kind, expiresAt, rules, resources } = exception;
    if (kind !== 'device' || expiresAt === null || !isLive(exception, now)) continue;
    if (resources.length > 0 && (resource === null || !resources.includes(resource))) continue;
    if (voidCause({ ...given, exception }) !== null) continue;
    for (const { rule } of failing) {
      const { reference } = rule;
      if (!rules.includes(reference) || observedOf(exception, reference) === undefined) continue;
      if (!isOpenTo(rule, groups)) continue;
      if (expiresAt > (longest.get(reference)?.expiresAt ?? -Infinity))
        longest.set(reference, { exceptionId: id, rule: reference, expiresAt });
    }
  }
  return [...longest.values()];
}

/** Whether a rule allows exceptions to somebody in these groups. */
export function isOpenTo({ exceptions }: Pick<CompiledRule, 'exceptions'>, groups: readonly string[]): boolean {
  if (exceptions === null) return false;
  return exceptions.groups === null || exceptions.groups.some((group) => groups.includes(group));
}

export const voidCauses = ['owner-changed', 'key-changed', 'rule-changed', 'rule-gone', 'posture-worse'] as const;
export interface VoidCause {
  cause: (typeof voidCauses)[number];
  /** The rule that it is about; null where it is about the device or about all of them. */
  rule: RuleReference | null;
  /** For people. */
  sentence: string;
}

/**
 * Why an approved exception does not hold any more although its time is not over; null while it holds. One cause ends
 * the whole exception: what was approved was this person, on this device, with these rules as they were.
 *
 * @param given.findings those of evaluateAll, when the end is to be recorded
 */
export function voidCause({
  exception,
  findings,
  personId,
  deviceId,
  jkt,
}: Holder & { exception: ExceptionFacts }): VoidCause | null {
  if (exception.personId !== personId || exception.deviceId !== deviceId) {
    return { cause: 'owner-changed', rule: null, sentence: 'The device belongs to somebody else now.' };
  }
  if (exception.jkt !== jkt) return { cause: 'key-changed', rule: null, sentence: 'The device has another key now.' };
  // Temporary access departs from no rule: the posture counts as ever.
  if (exception.kind === 'access') return null;
  const concerned = findings.filter(({ rule }) => exception.rules.includes(rule.reference));
  if (concerned.length === 0)
    return { cause: 'rule-gone', rule: null, sentence: 'No policy has these rules any more.' };
  for (const finding of concerned) {
    const { reference, hash, document } = finding.rule;
    const observed = observedOf(exception, reference);
    if (observed === undefined) continue;
    if (observed.ruleHash !== hash) {
      return {
        cause: 'rule-changed',
        rule: reference,
        sentence: `The policy demands something else for "${document.title}" now.`,
      };
    }
    if (isWorse(observed, finding)) {
      return {
        cause: 'posture-worse',
        rule: reference,
        sentence: `"${document.title}" is worse than when the exception was approved.`,
      };
    }
  }
  return null;
}

/**
 * Whether every rule of an exception passes by itself, so that nothing is left to except. The findings are those of
 * evaluateAll. One that a brake holds does not pass by itself.
 */
export function isResolved(exception: Pick<ExceptionFacts, 'rules'>, findings: readonly RuleFinding[]): boolean {
  const concerned = findings.filter(({ rule }) => exception.rules.includes(rule.reference));
  return concerned.length > 0 && concerned.every(({ outcome, held }) => outcome === 'pass' && held === null);
}

function observedOf(exception: ExceptionFacts, reference: RuleReference): ObservedRule | undefined {
  return own(exception.observed, reference);
}

const rank: Readonly<Record<RuleOutcome, number>> = { 'not-applicable': 0, pass: 0, unknown: 1, fail: 2 };

function isWorse(observed: ObservedRule, finding: RuleFinding): boolean {
  if (rank[finding.outcome] > rank[observed.outcome]) return true;
  const check = findCheck(finding.rule.document.check);
  if (check?.isWorse === undefined || observed.value === null || finding.value === null) return false;
  const before = check.value.safeParse(observed.value);
  const now = check.value.safeParse(finding.value);
  // What cannot be compared is not taken for equal.
  return !before.success || !now.success || check.isWorse(before.data, now.data);
}
