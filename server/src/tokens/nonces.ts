import { createHmac, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Instant, minute, second } from '@postern/shared/time';
import { deriveKey } from '../master-key.ts';

/** Stateless nonces: a time and its MAC under a key that all nodes share. */
export interface Nonces {
  /** A nonce made now. One serves DPoP proofs and attestations alike. */
  issue(now: Instant): string;
  /** `fresh`, or why not. */
  check(nonce: string, now: Instant): 'fresh' | 'stale' | 'unknown';
}

/** A nonce is fresh for this long. Within it, the one-time use is the business of `replays`. */
export const nonceLifeMs = 5 * minute;

/** How far the clocks of two nodes may be apart. */
const aheadMs = minute;

const timeBytes = 6;
const macBytes = 32;

/**
 * @param masterSecret 32 bytes, base64url: the same on every node, so that each knows the nonces of all
 * @returns nonces that are the same for everybody within a second: one MAC a second, not one a request. A nonce
 *   bounds the age of a proof; that a proof is used once is for `replays` and sequence numbers to see to.
 */
export function createNonces(masterSecret: string): Nonces {
  const key = deriveKey(masterSecret, 'nonce');
  const macOf = (time: Buffer) => createHmac('sha256', key).update(time).digest();
  /** Nonces that were found to be ours, with their time; what is not ours is never kept. */
  const ours = new LRUCache<string, Instant>({ max: 1000 });
  let last: { at: Instant; nonce: string } = { at: -1, nonce: '' };

  function timeOf(nonce: string): Instant | undefined {
    const known = ours.get(nonce);
    if (known !== undefined) return known;
    const bytes = Buffer.from(nonce, 'base64url');
    // One text for one nonce: lenient decoding would accept others.
    if (bytes.length !== timeBytes + macBytes || bytes.toString('base64url') !== nonce) return undefined;
    const time = bytes.subarray(0, timeBytes);
    if (!timingSafeEqual(bytes.subarray(timeBytes), macOf(time))) return undefined;
    const issuedAt = time.readUIntBE(0, timeBytes);
    ours.set(nonce, issuedAt);
    return issuedAt;
  }

  return {
    issue(now) {
      const at = Math.floor(now / second) * second;
      if (at !== last.at) {
        const time = Buffer.alloc(timeBytes);
        time.writeUIntBE(at, 0, timeBytes);
        last = { at, nonce: Buffer.concat([time, macOf(time)]).toString('base64url') };
      }
      return last.nonce;
    },
    check(nonce, now) {
      const issuedAt = timeOf(nonce);
      if (issuedAt === undefined || issuedAt > now + aheadMs) return 'unknown';
      return now - issuedAt < nonceLifeMs ? 'fresh' : 'stale';
    },
  };
}
