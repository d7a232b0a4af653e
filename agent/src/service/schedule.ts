import type { Verdict } from '@postern/shared/protocol/verdict';
import { fromTimestamp, hour, minute, second } from '@postern/shared/time';
import type { BackendRefusal } from '../backend/faults.ts';
import type { Random } from '../random.ts';

const shortestMs = 5 * second;
const longestBackoffMs = 5 * minute;
/** Once a deadline has passed the answer is another one; a moment later, so that it has passed there as well. */
const afterBoundaryMs = 2 * second;

/** A few tries, each waiting longer than the one before, fit into it. */
const shortestMarginMs = 2 * minute;
const marginShare = 0.15;
/** No policy lets evidence live for less than twice this. */
const shortestRegularMs = 30 * second;
const wakeMs = 5 * second;

/** ±10 %, so that devices that started together do not ask together for ever. */
function jittered(milliseconds: number, random: Random): number {
  return Math.round(milliseconds * (0.9 + 0.2 * random.fraction()));
}

/** Until the next attestation. */
export interface Pause {
  ordinaryMs: number;
  /** While the battery is saved. Never shorter, and never so long that access is lost by it. */
  savingMs: number;
}

/**
 * As often as the backend asked, and sooner when a rule gets another standing before: a warning, a deadline, the end of an
 * exception or of a held outcome.
 */
export function pauseAfterVerdict(verdict: Verdict, attestEverySeconds: number, random: Random): Pause {
  const judgedAt = fromTimestamp(verdict.at);
  const boundaries = verdict.rules
    .flatMap(({ warnAt, deadline, exception, held }) => [warnAt, deadline, exception?.expiresAt, held?.until])
    .filter((timestamp) => typeof timestamp === 'string')
    .map((timestamp) => fromTimestamp(timestamp) - judgedAt)
    .filter((inMs) => inMs > 0);
  const within = (milliseconds: number) =>
    Math.max(shortestMs, Math.min(milliseconds, ...boundaries.map((inMs) => inMs + afterBoundaryMs)));
  const latest = latestPause(fromTimestamp(verdict.validUntil) - judgedAt, random);
  // A policy may let evidence grow stale sooner than the backend asks for it in general.
  const regular = Math.min(jittered(attestEverySeconds * second, random), latest ?? Number.POSITIVE_INFINITY);
  return { ordinaryMs: within(regular), savingMs: within(Math.max(regular, latest ?? 0)) };
}

/** As long as the evidence is good, less what a few failed tries take; undefined where it never was. */
function latestPause(lifeMs: number, random: Random): number | undefined {
  // Where no policy applies it is stale at once, and to report more often would change nothing.
  if (lifeMs <= 0) return undefined;
  const marginMs = Math.max(shortestMarginMs, lifeMs * marginShare) * (1 + 0.5 * random.fraction());
  return Math.max(shortestRegularMs, lifeMs / 2, lifeMs - marginMs);
}

/** After the machine woke: until its network is there, and not in one moment with all that woke when work began. */
export function pauseAfterWake(random: Random): number {
  return Math.round(wakeMs * (0.6 + 0.8 * random.fraction()));
}

/** Exponential, with half of it left to chance: a backend that comes back is not met by all at once. */
export function pauseAfterFailure(failuresBefore: number, random: Random): number {
  const longest = Math.min(longestBackoffMs, shortestMs * 2 ** Math.min(failuresBefore, 16));
  return Math.round(longest * (0.5 + 0.5 * random.fraction()));
}

// A person has to act before the answer changes; how soon they may decides how often it is worth asking.
const pauses: Readonly<Record<string, number>> = {
  device_pending: minute,
  too_many_requests: minute,
  device_suspended: 15 * minute,
  device_quarantined: 15 * minute,
  attestation_rolled_back: 15 * minute,
  attestation_forked: 15 * minute,
  device_retired: 6 * hour,
  device_unknown: 6 * hour,
  attestation_foreign_key: 6 * hour,
};
const otherPauseMs = 15 * minute;
/** A proxy that is set up wrongly asks for weeks. */
const longestRetryAfterMs = hour;

export function pauseAfterRefusal(refusal: Pick<BackendRefusal, 'code' | 'retryAfterMs'>, random: Random): number {
  // Never sooner than the backend asked for, and never at once, unless that would leave the device without evidence for days.
  if (refusal.retryAfterMs !== null) {
    const askedMs = Math.max(shortestMs, Math.min(refusal.retryAfterMs, longestRetryAfterMs));
    return Math.round(askedMs * (1 + 0.2 * random.fraction()));
  }
  const pauseMs = Object.hasOwn(pauses, refusal.code) ? pauses[refusal.code] : undefined;
  return jittered(pauseMs ?? otherPauseMs, random);
}
