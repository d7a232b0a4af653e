import { day, hour, second } from '@postern/shared/time';

/** From when on something is flagged (shared/research/exceptions.md, section 4). All are "more than", but counts: from. */
export const thresholds = {
  /** Of the devices that fail a rule; and one excepted device is no pattern. */
  exceptionRate: { percent: 20, excepted: 2 },
  unusedMs: 48 * hour,
  /** Requests of one person for one rule. */
  repeats: 3,
  /** Renewals of one exception. */
  renewals: 2,
  /** Under exceptions within a year, whichever they were. */
  debt: { ms: 30 * day, withinMs: 365 * day },
  approver: { decisions: 20, approvedPercent: 95, medianMs: 10 * second },
  /** Approvals of two people for one another, each way. */
  reciprocal: 3,
  /** Time to approve; fewer are no measure. */
  approval: { p90Ms: 4 * hour, approvals: 5 },
  lapsed: { percent: 15, requests: 5 },
  /** What a person does in nearly all of their requests. */
  habit: { percent: 80, requests: 5 },
} as const;

/** Whether a part is more than so many percent of the whole, without rounding. */
export function exceeds(part: number, whole: number, percent: number): boolean {
  return part * 100 > whole * percent;
}

/** For people: one digit after the point. Of nothing: 0. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 1000) / whole) / 10;
}
