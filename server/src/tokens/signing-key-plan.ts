import { day, type Instant, minute } from '@postern/shared/time';
import type { SigningAlg } from './signing-keys.ts';

/** When a key signs and when it leaves the key set. */
export interface KeyTimes {
  kid: string;
  signsFrom: Instant;
  /** Null: until a successor is made. */
  signsUntil: Instant | null;
  removedAt: Instant | null;
}

/**
 * How long a key stays in the set after its last signature: longer than any token lives and than any gateway may
 * cache the set, clocks included.
 */
export const overlapMs = day;

/** How long a key is in the set before it signs, at least: longer than the set may be cached. */
export const leastAheadMs = 15 * minute;

/**
 * The key that signs at this instant. A clock that was set back, or one node's that is behind, may say that not even the
 * first has begun: then it is the first.
 */
export function signerAt<Key extends KeyTimes>(keys: readonly Key[], now: Instant): Key | undefined {
  const published = keys.filter((key) => isPublished(key, now));
  const begun = published.filter((key) => key.signsFrom <= now);
  if (begun.length === 0) return published.toSorted((left, right) => left.signsFrom - right.signsFrom)[0];
  return newestOf(begun.filter((key) => (key.signsUntil ?? Infinity) > now));
}

/** Whether signatures of this key are believed: also before it signs, so that gateways have it by then. */
export function isPublished(key: KeyTimes, now: Instant): boolean {
  return (key.removedAt ?? Infinity) > now;
}

/** The key to be succeeded: the only one without an end. */
export function openEndedOf<Key extends KeyTimes>(keys: readonly Key[]): Key | undefined {
  return newestOf(keys.filter((key) => key.signsUntil === null));
}

function newestOf<Key extends KeyTimes>(keys: readonly Key[]): Key | undefined {
  return keys.reduce<Key | undefined>(
    (newest, key) => (newest === undefined || key.signsFrom > newest.signsFrom ? key : newest),
    undefined,
  );
}

/** When the next key would begin to sign, and why there is to be one. */
export interface Succession {
  signsFrom: Instant;
  cause: 'first' | 'scheduled' | 'algorithm';
}

/**
 * Whether a successor is to be made now; undefined while none is due. It is published `aheadMs` before it signs, also when
 * the rotation is late: the predecessor then signs that much longer.
 */
export function successionAt(
  last: KeyTimes | undefined,
  terms: { lifeMs: number; aheadMs: number },
  now: Instant,
): Succession | undefined {
  if (last === undefined) return { signsFrom: now, cause: 'first' };
  const aheadMs = Math.max(terms.aheadMs, leastAheadMs);
  const planned = last.signsFrom + terms.lifeMs;
  return now < planned - aheadMs ? undefined : { signsFrom: Math.max(planned, now + aheadMs), cause: 'scheduled' };
}

/** The same at a start, when the algorithm may have been set anew: then the next key signs as soon as everybody can have it. */
export function successionAtStart(
  last: (KeyTimes & { alg: SigningAlg }) | undefined,
  terms: { lifeMs: number; aheadMs: number; alg: SigningAlg },
  now: Instant,
): Succession | undefined {
  if (last === undefined || last.alg === terms.alg) return successionAt(last, terms, now);
  return { signsFrom: now + leastAheadMs, cause: 'algorithm' };
}
