import type { Verdict } from '@postern/shared/protocol/verdict';
import { fromTimestamp, hour, minute, second } from '@postern/shared/time';
import type { BackendRefusal } from '../backend/faults.ts';
import type { Random } from '../random.ts';

const shortestMs = 5 * second;
const longestBackoffMs = 5 * minute;
/** Once a deadline has passed the answer is another one; a moment later, so that it has passed there as well. */
const afterBoundaryMs = 2 * second;

/** ±10 %, so that devices that started together do not ask together for ever. */
function jittered(milliseconds: number, random: Random): number {
  return Math.round(milliseconds * (0.9 + 0.2 * random.fraction()));
}

/** Until the next attestation: as often as the backend asked, and sooner when a deadline or an exception ends before. */
export function pauseAfterVerdict(verdict: Verdict, attestEverySeconds: number, random: Random): number {
  const regular = jittered(attestEverySeconds * second, random);
  const judgedAt = fromTimestamp(verdict.at);
  const boundaries = verdict.rules
    .flatMap(({ deadline, exception }) => [deadline, exception?.expiresAt ?? null])
    .filter((timestamp) => timestamp !== null)
    .map((timestamp) => fromTimestamp(timestamp) - judgedAt)
    .filter((inMs) => inMs > 0);
  return Math.max(shortestMs, Math.min(regular, ...boundaries.map((inMs) => inMs + afterBoundaryMs)));
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
  // Never sooner than the backend asked for, unless that would leave the device without evidence for days.
  if (refusal.retryAfterMs !== null)
    return Math.round(Math.min(refusal.retryAfterMs, longestRetryAfterMs) * (1 + 0.2 * random.fraction()));
  const pauseMs = Object.hasOwn(pauses, refusal.code) ? pauses[refusal.code] : undefined;
  return jittered(pauseMs ?? otherPauseMs, random);
}
