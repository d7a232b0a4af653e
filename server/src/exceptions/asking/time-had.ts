import { own } from '@postern/shared/own';
import { day, type Instant } from '@postern/shared/time';
import type { DeviceFacts } from '../../devices/index.ts';
import type { CompiledRule, RuleReference } from '../../policy/types.ts';
import type { Store } from '../../storage/store.ts';
import type { ApprovalPlan } from '../plan/index.ts';

/** What was granted to somebody on a device, whether it is over, in force, or to begin. */
export interface Had extends Span {
  id: string;
  rules: readonly RuleReference[];
  template: string | null;
}

interface Span {
  from: Instant;
  /** When it ended, or will. */
  to: Instant;
}

/** So long what was had counts. */
const rememberedMs = 90 * day;

/** What the person of a device had there within the last 90 days, extensions and what they extend each for itself. One read. */
export async function readHad(read: Store['read'], facts: DeviceFacts, now: Instant): Promise<Had[]> {
  const rows = await read
    .selectFrom('exceptions')
    .select(['id', 'kind', 'rules', 'template', 'begins_at', 'expires_at', 'ended_at'])
    // The kind is looked at below: an index on it would lead to half of all exceptions.
    .where('device_id', '=', facts.id)
    .where('person_id', '=', facts.owner.id)
    .where('expires_at', '>', now - rememberedMs)
    .execute();
  return rows.flatMap(({ id, kind, rules, template, begins_at: from, expires_at: expiresAt, ended_at: endedAt }) =>
    kind !== 'device' || from === null || expiresAt === null
      ? []
      : [{ id, template, from, rules: JSON.parse(rules) as string[], to: Math.min(expiresAt, endedAt ?? expiresAt) }],
  );
}

/**
 * How long these rules may be waived from its start on, by what they, and the template, allow in all. Whoever gives one
 * exception back and asks for the next has had the time of both: what counts is all that the person has had on the device for
 * the rule within the last 90 days, since the device last passed it, and what is granted already; two at once count once. Of a
 * template counts what was had under it. An emergency is short, and reviewed; it is let be, and counts for what comes after.
 * Pure.
 *
 * @param asked.extendsId what it takes the place of, which is over then
 */
export function leftOf(
  had: readonly Had[],
  rules: readonly CompiledRule[],
  plan: Pick<ApprovalPlan, 'template' | 'maxTotalMs' | 'emergency'>,
  asked: { posture: DeviceFacts['posture']; extendsId: string | null; startsAt: Instant | null },
  now: Instant,
): number {
  if (plan.emergency) return Number.MAX_SAFE_INTEGER;
  const { posture, extendsId, startsAt } = asked;
  const start = Math.max(now, startsAt ?? now);
  return Math.min(
    ...rules.map((rule) => {
      const failingSince = posture === null ? 0 : (own(posture.failingSince, rule.reference)?.since ?? now);
      const since = Math.max(failingSince, now - rememberedMs);
      const ofRule = had
        .filter((each) => each.rules.includes(rule.reference))
        .map(({ id, template, from, to }) => ({
          template,
          from: Math.max(from, since),
          to: id === extendsId ? Math.min(to, now) : to,
        }));
      const ofTemplate = ofRule.filter(({ template }) => template !== null && template === plan.template?.name);
      return Math.min(
        longest(ofRule, start, rule.exceptions?.maxTotalMs ?? 0),
        longest(ofTemplate, start, plan.maxTotalMs),
      );
    }),
  );
}

/** How long it may be from an instant on, so that all together cover no more than a total; less than nothing where they do already. */
export function longest(spans: readonly Span[], start: Instant, totalMs: number): number {
  // What was ended before it began was never had.
  const sorted = spans.filter(({ from, to }) => from < to).toSorted((left, right) => left.from - right.from);
  let left = totalMs;
  let counted = Number.NEGATIVE_INFINITY;
  for (const { from, to } of sorted) {
    left -= Math.max(0, to - Math.max(from, counted));
    counted = Math.max(counted, to);
  }
  if (left <= 0) return left;
  let end = start;
  for (const { from, to } of sorted) {
    if (to <= end) continue;
    const gap = Math.max(0, from - end);
    if (gap > left) break;
    left -= gap;
    end = to;
  }
  return end + left - start;
}
