import type { Instant } from '@postern/shared/time';

/** The keys that sign access tokens: rotation with overlap. */
export interface SigningKeys {
  /** Signs the claims as `typ` with the key of the moment; returns a compact JWS. */
  sign(claims: Record<string, unknown>, typ: string, now: Instant): Promise<string>;
  /** Verifies a JWS of ours; undefined when it is not one (or its key is gone). Checks signature, typ and alg only. */
  verify(token: string, typ: string): Promise<Record<string, unknown> | undefined>;
  /** The public set as served: the current key, its successor, and predecessors while their tokens live. */
  jwks(): { keys: Record<string, unknown>[] };
}
