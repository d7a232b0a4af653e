import type { RuleResult, Verdict } from '@postern/shared/protocol/verdict';
import { fromTimestamp, hour, type Instant, minute, second } from '@postern/shared/time';

/** Something that a person should hear before it blocks them, and that no verdict has said. */
export interface Notice {
  /** `warn`: it is time to act. `last-call`: it is nearly too late. `exception-ends`: the rule is excepted, not for long any more. */
  kind: 'warn' | 'last-call' | 'exception-ends';
  rule: RuleResult;
  /** Until it blocks; until the exception ends. */
  leftMs: number;
}

/** Before the end of an exception. One is said when its time comes while the agent runs: what was so near already at the start is no news. */
const remindersMs = [10 * minute, hour, 24 * hour];

/** A new verdict says a warning better, and one is asked for at that moment. Later it did not come. */
const verdictComesMs = 30 * second;
const lastCallMs = hour;
const mostSaid = 1000;

/**
 * What is due now by a verdict of some time ago: while the backend is away, nobody else tells the person. Said once each.
 *
 * @param now by the backend's clock @param said what was told before, and will be added to
 */
export function noticesDue({ rules }: Verdict, now: Instant, said: Set<string>): Notice[] {
  // A backend that invents deadlines must not fill the memory of a daemon.
  if (said.size > mostSaid) said.clear();
  return rules.flatMap((rule) => {
    const due = dueOf(rule, now) ?? reminderOf(rule, now, said);
    if (due === undefined) return [];
    if (due.kind === 'exception-ends') return [due];
    const key = `${rule.policy}/${rule.rule} ${rule.deadline ?? ''} ${due.kind}`;
    if (said.has(key)) return [];
    said.add(key);
    return [due];
  });
}

/** One reminder for an exception, however many rules it is about. */
function reminderOf(rule: RuleResult, now: Instant, said: Set<string>): Notice | undefined {
  const { exception } = rule;
  if (exception === null) return undefined;
  const leftMs = fromTimestamp(exception.expiresAt) - now;
  const passed = remindersMs.filter((before) => leftMs <= before).map((before) => `${exception.id} ${before}`);
  const isNew = !said.has(exception.id);
  const isNews = !isNew && passed.some((key) => !said.has(key));
  for (const key of [exception.id, ...passed]) said.add(key);
  return isNews && leftMs > 0 ? { kind: 'exception-ends', rule, leftMs } : undefined;
}

function dueOf(rule: RuleResult, now: Instant): Notice | undefined {
  // An exception, or a rule that only watches, threatens nobody.
  if (rule.standing !== 'grace' || rule.deadline === null) return undefined;
  const deadline = fromTimestamp(rule.deadline);
  const leftMs = deadline - now;
  if (leftMs <= 0) return undefined;
  const graceMs = rule.since === null ? Number.POSITIVE_INFINITY : deadline - fromTimestamp(rule.since);
  // Of a grace of an hour, a last call at its beginning would be none.
  if (leftMs <= Math.min(lastCallMs, graceMs / 4)) return { kind: 'last-call', rule, leftMs };
  if (rule.stage !== 'notify' || rule.warnAt === null) return undefined;
  return now >= fromTimestamp(rule.warnAt) + verdictComesMs ? { kind: 'warn', rule, leftMs } : undefined;
}
