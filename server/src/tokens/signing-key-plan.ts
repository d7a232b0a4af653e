import { day, type Instant } from '@postern/shared/time';

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

/** The key that was made last: the one to be succeeded. */
export function newestOf<Key extends KeyTimes>(keys: readonly Key[]): Key | undefined {
  return keys.reduce<Key | undefined>(
    (newest, key) => (newest === undefined || key.signsFrom > newest.signsFrom ? key : newest),
    undefined,
  );
}

/**
 * When a successor that is made now would begin to sign; undefined while none is due. It is published `aheadMs`
 * before, also when the rotation is late: the predecessor then signs that much longer.
 */
export function successionAt(
  newest: KeyTimes,
  terms: { lifeMs: number; aheadMs: number },
  now: Instant,
): Instant | undefined {
  const planned = newest.signsFrom + terms.lifeMs;
  return now < planned - terms.aheadMs ? undefined : Math.max(planned, now + terms.aheadMs);
}
