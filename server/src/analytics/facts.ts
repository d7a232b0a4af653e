import type { aboutKinds } from '@postern/shared/protocol/analytics';
import type { Instant } from '@postern/shared/time';

/** A request and what became of it, as far as reports need it. */
export interface RequestFact {
  id: string;
  kind: string;
  /** As stored. */
  state: string;
  personId: string;
  requestedBy: string;
  deviceId: string;
  rules: readonly string[];
  resources: readonly string[];
  template: string | null;
  emergency: boolean;
  durationMs: number;
  /** The longest that its template allows. */
  templateMaxMs: number;
  /** Tells justifications apart that differ in more than case, spaces, marks and digits. */
  justification: string;
  extendsId: string | null;
  setId: string | null;
  requestedAt: Instant;
  lapsesAt: Instant;
  approvedAt: Instant | null;
  beginsAt: Instant | null;
  expiresAt: Instant | null;
  endedAt: Instant | null;
}

/** A vote, and when its voter opened the request first. */
export interface VoteFact {
  exceptionId: string;
  actorId: string;
  verdict: string;
  at: Instant;
  viewedAt: Instant | null;
}

export interface About {
  kind: (typeof aboutKinds)[number];
  id: string;
}

/** One line of a report. Its sentence names nobody: it goes where names may not. */
export interface ReportRow {
  /** What it is about, in one word: who is flagged once is not flagged again. */
  subject: string;
  about: readonly About[];
  values: Readonly<Record<string, number | string | null>>;
  flagged: boolean;
  sentence: string;
}

export const openStates = ['pending', 'scheduled', 'approved', 'active'] as const;
const grantedStates: ReadonlySet<string> = new Set(['scheduled', 'approved', 'active']);

/** Whether it was granted, and its time is not over: it waives now, will at its beginning, or with its first use. */
export function isGranted({ state, expiresAt, endedAt }: RequestFact, now: Instant): boolean {
  return grantedStates.has(state) && endedAt === null && expiresAt !== null && now < expiresAt;
}

/** Whether it has begun and is not over. */
export function isInForce(fact: RequestFact, now: Instant): boolean {
  return isGranted(fact, now) && fact.beginsAt !== null && fact.beginsAt <= now;
}

/** Whether nobody answered it in time. That somebody noticed is not needed. */
export function hasLapsed({ state, lapsesAt }: RequestFact, now: Instant): boolean {
  return state === 'lapsed' || (state === 'pending' && lapsesAt <= now);
}

export function isWaiting({ state, lapsesAt }: RequestFact, now: Instant): boolean {
  return state === 'pending' && now < lapsesAt;
}

/** The value below which so many percent lie, of the nearest rank; null of nothing. */
export function percentile(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? null;
}
