import { hour, type Instant, minute, second } from '@postern/shared/time';

/** How long after the attempt before each one comes (Standard Webhooks, "Deliverability and reliability"). */
const waits = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

/** Nothing is tried more often. */
export const mostAttempts = waits.length;

const longestAsked = 24 * hour;
/** Up to a tenth longer: what failed together is not tried together again. */
const jitterParts = 1000;

/**
 * When to try again after a failed attempt; undefined after the last one.
 *
 * @param attempts made so far, the failed one among them
 * @param askedMs how long the other side asked to be left alone (Retry-After); at most a day of it is granted
 * @param integer a number in [0, below)
 */
export function nextAttempt(
  attempts: number,
  askedMs: number,
  integer: (below: number) => number,
  now: Instant,
): Instant | undefined {
  const wait = waits[attempts];
  if (wait === undefined) return undefined;
  const jittered = wait + Math.floor((wait * integer(jitterParts)) / (10 * jitterParts));
  return now + Math.max(jittered, Math.min(askedMs, longestAsked));
}

/** Retry-After (RFC 9110 section 10.2.3) in milliseconds; 0 where there is none that can be read. */
export function retryAfterMs(header: string | undefined, now: Instant): number {
  if (header === undefined || header.length > 64) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * second;
  const at = /^[A-Z][a-z]{2}, [\w :]+ GMT$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
