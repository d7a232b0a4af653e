import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';

/** The keys that sign access tokens: rotation with overlap. */
export interface SigningKeys {
  /** Signs the claims as `typ` with the key of the moment; returns a compact JWS. */
  sign(claims: Record<string, unknown>, typ: string, now: Instant): Promise<string>;
  /** Verifies a JWS of ours; undefined when it is not one (or its key is gone). Checks signature, typ and alg only. */
  verify(token: string, typ: string): Promise<Record<string, unknown> | undefined>;
  /** The public set as served: the current key, its successor, and predecessors while their tokens live. */
  jwks(): { keys: Record<string, unknown>[] };
}

export interface RotatingSigningKeys extends SigningKeys {
  /** For a background job, on every node: takes over what other nodes changed, and rotates when it is time. */
  rotateIfDue(now: Instant): Promise<void>;
  /**
   * In an emergency: a new key signs at once, and nothing that another key signed is believed any more. Gateways that
   * cache the key set believe it until they fetch the set again (`max-age` of the key set).
   */
  rotateNow(now: Instant, actor?: Actor): Promise<void>;
}
