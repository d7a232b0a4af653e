import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, minute } from '@postern/shared/time';
import { deriveKey } from './master-key.ts';

/** Stateless nonces: a time and its MAC under a key that all nodes share. */
export interface Nonces {
  /** A nonce made now. One serves DPoP proofs and attestations alike. */
  issue(now: Instant): string;
  /** `fresh`, or why not. */
  check(nonce: string, now: Instant): 'fresh' | 'stale' | 'unknown';
}

/** A nonce is fresh for this long. Within it, the one-time use is the business of `replays`. */
export const nonceLifeMs = 5 * minute;

const timeBytes = 6;
const macBytes = 32;

/** @param masterSecret 32 bytes, base64url: the same on every node, so that each knows the nonces of all */
export function createNonces(masterSecret: string): Nonces {
  const key = deriveKey(masterSecret, 'nonce');
  const macOf = (time: Buffer) => createHmac('sha256', key).update(time).digest();

  return {
    issue(now) {
      const time = Buffer.alloc(timeBytes);
      time.writeUIntBE(Math.floor(now), 0, timeBytes);
      return Buffer.concat([time, macOf(time)]).toString('base64url');
    },
    check(nonce, now) {
      const bytes = Buffer.from(nonce, 'base64url');
      // One text for one nonce: lenient decoding would accept others.
      if (bytes.length !== timeBytes + macBytes || bytes.toString('base64url') !== nonce) return 'unknown';
      const time = bytes.subarray(0, timeBytes);
      if (!timingSafeEqual(bytes.subarray(timeBytes), macOf(time))) return 'unknown';
      const issuedAt = time.readUIntBE(0, timeBytes);
      if (issuedAt > now) return 'unknown';
      return now - issuedAt < nonceLifeMs ? 'fresh' : 'stale';
    },
  };
}
