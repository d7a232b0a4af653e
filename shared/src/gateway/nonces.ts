import { createHmac } from 'node:crypto';
import { sameSecret } from '../digest.ts';
import { type Instant, minute, second } from '../time.ts';

/** How far the clocks of the processes of one application may differ. */
const skewMs = 5 * second;

/** Nonces for proofs (RFC 9449 section 9): with them the clocks of devices do not matter. */
export interface Nonces {
  issue(now: Instant): string;
  isFresh(nonce: string, now: Instant): boolean;
  /** From its first use on, how long one may be good. */
  readonly lifeMs: number;
}

/**
 * Nonces that need no memory: their time, and an HMAC of it. All processes of an application take the same secret.
 *
 * @param secret 32 characters or more
 */
export function statelessNonces(secret: string, lifeMs = 5 * minute): Nonces {
  if (secret.length < 32) throw new TypeError('The secret of nonces must have 32 characters or more.');
  const sealOf = (time: string) => createHmac('sha256', secret).update(`dpop-nonce|${time}`).digest('base64url');
  return {
    lifeMs: lifeMs + skewMs,
    issue: (now) => `${now.toString(36)}.${sealOf(now.toString(36))}`,
    isFresh(nonce, now) {
      const [, time, seal] = /^([0-9a-z]{1,11})\.([\w-]{43})$/.exec(nonce) ?? [];
      if (time === undefined || seal === undefined || !sameSecret(seal, sealOf(time))) return false;
      const issuedAt = Number.parseInt(time, 36);
      return issuedAt <= now + skewMs && now < issuedAt + lifeMs;
    },
  };
}
