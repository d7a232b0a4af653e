import { minute, second } from '@postern/shared/time';

const firstMs = second / 2;
const longestMs = minute;
const longestAskedMs = 5 * minute;
const jitterParts = 1000;

/**
 * How long to leave a receiver alone that did not take an event: twice as long each time, up to a minute, and longer where it
 * asks for that.
 *
 * @param attempts in a row, the last one among them
 * @param askedMs Retry-After
 * @param integer a number in [0, below)
 */
export function retryDelay(attempts: number, askedMs: number, integer: (below: number) => number): number {
  const wait = Math.min(firstMs * 2 ** Math.min(attempts - 1, 16), longestMs);
  // Up to a tenth longer: receivers that failed together are not tried together again.
  const jittered = wait + Math.floor((wait * integer(jitterParts)) / (10 * jitterParts));
  return Math.max(jittered, Math.min(askedMs, longestAskedMs));
}
