import { createHmac, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Instant, minute, second } from '@postern/shared/time';
import { deriveKey } from '../master-key.ts';
import type { Random } from '../random.ts';
import { createUsedHere, type UsedHere } from './used-here.ts';

/** Stateless nonces: a time and its MAC under a key that all nodes share. */
export interface Nonces {
  /** A nonce made now. One serves DPoP proofs and attestations alike. */
  issue(now: Instant): string;
  /** `fresh`, or why not. */
  check(nonce: string, now: Instant): 'fresh' | 'stale' | 'unknown';
  /**
   * What came with a nonce that only this process takes, and is used up in it. Undefined where nonces are good on other
   * nodes too: then `replays` is where uses are found by all.
   */
  usedHere?: UsedHere;
}

/** A nonce is fresh for this long. Within it, the one-time use is the business of `replays`. */
export const nonceLifeMs = 5 * minute;

/** How far the clocks of two nodes may be apart. */
const aheadMs = minute;

const timeBytes = 6;
const macBytes = 32;

/**
 * Nonces of one process: no other takes them, and none does after its end. So a proof that was used is refused everywhere
 * although its use is written nowhere, and nothing waits for a disk: elsewhere its nonce is unknown, here it is remembered.
 * For where a database has one process only; a client is told a new nonce after a restart, as after five minutes.
 */
export function createOwnNonces(random: Pick<Random, 'secret'>): Nonces {
  const make = () => createNonces(random.secret());
  const usedHere = createUsedHere(nonceLifeMs + 2 * aheadMs);
  let nonces = make();
  let latest: Instant = -Infinity;
  /** A clock that is set back would make nonces fresh again whose proofs are forgotten: then all of them end. */
  function at(now: Instant): Nonces {
    if (now + aheadMs < latest) {
      nonces = make();
      latest = now;
    }
    latest = Math.max(latest, now);
    return nonces;
  }
  return { issue: (now) => at(now).issue(now), check: (nonce, now) => at(now).check(nonce, now), usedHere };
}

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
