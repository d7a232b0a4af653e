import type { Instant } from '@postern/shared/time';

/** Stateless nonces: a time and its MAC under a key that all nodes share. */
export interface Nonces {
  /** A nonce made now. One serves DPoP proofs and attestations alike. */
  issue(now: Instant): string;
  /** `fresh`, or why not. */
  check(nonce: string, now: Instant): 'fresh' | 'stale' | 'unknown';
}
