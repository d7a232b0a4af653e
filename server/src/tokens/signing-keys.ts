import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';

/** What a key signs. A key of one use is never asked about what is of the other. */
export type KeyUse = 'access-token' | 'signal';

export type SigningAlg = 'ES256' | 'RS256' | 'PS256';

interface JwkSet {
  keys: Record<string, unknown>[];
}

/** The keys that sign access tokens: rotation with overlap. */
export interface SigningKeys {
  /** Signs the claims as `typ` with the key of the moment; returns a compact JWS. */
  sign(claims: Record<string, unknown>, typ: string, now: Instant): Promise<string>;
  /** Verifies a JWS of ours; undefined when it is not one (or its key is gone). Checks signature, typ and alg only. */
  verify(token: string, typ: string): Promise<Record<string, unknown> | undefined>;
  /** Whether signatures of this key are still believed: for who remembers that one was good. */
  isPublished(kid: string): boolean;
  /** The public set as served: the current key, its successor, and predecessors while their tokens live. */
  jwks(): JwkSet;
}

/** The keys that sign signals. Nothing of ours verifies by them: receivers do, by the key set. */
export interface SignalKeys {
  /** What new keys are for. During a change of it, keys of the one before still sign. */
  readonly alg: SigningAlg;
  /** Signs a Security Event Token (RFC 8417), off the calling thread; makes the first key when there is none. */
  sign(claims: Record<string, unknown>, typ: 'secevent+jwt', now: Instant): Promise<string>;
  /** The public set as served. Makes the first key when there is none, so that nobody caches a set without. */
  jwks(): Promise<JwkSet>;
}

interface Rotating {
  readonly use: KeyUse;
  /** Since when the key in force signs, as far as this node knows one. */
  signsSince(now: Instant): Instant | undefined;
  /** For a background job, on every node: takes over what other nodes changed, and rotates when it is time. */
  rotateIfDue(now: Instant): Promise<void>;
  /** The same without the rotation, and next to nothing while nothing changed: an emergency holds everywhere within a second. */
  follow(): Promise<void>;
  /**
   * In an emergency: a new key signs at once, and nothing that another key signed is believed any more. Gateways that
   * cache the key set believe it until they fetch the set again (`max-age` of the key set).
   */
  rotateNow(now: Instant, actor?: Actor): Promise<void>;
}

export interface RotatingSigningKeys extends SigningKeys, Rotating {}

export interface RotatingSignalKeys extends SignalKeys, Rotating {
  /** The keys that there are; makes none. */
  kids(): Promise<string[]>;
}
