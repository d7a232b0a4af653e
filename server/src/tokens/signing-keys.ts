import { CompactSign } from 'jose';
import { type Instant, second } from '@postern/shared/time';
import { type Actor, type AuditEvent, systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { readCompactJws, signatureHolds } from './compact-jws.ts';
import { isPublished, type KeyTimes, newestOf, overlapMs, signerAt, successionAt } from './signing-key-plan.ts';
import { createSigningKeyVault, type OpenKey } from './signing-key-vault.ts';

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

type SigningKey = KeyTimes & OpenKey;

interface Plan {
  keys: readonly SigningKey[];
  /** Value of the meta row that every change of the plan replaces: of two nodes that rotate at once, one does. */
  epoch: string | null;
}

const epochKey = 'signing_keys_epoch';
const maxTokenLength = 8192;
/** A made-up kid makes a node read the keys again, but not for every request. */
const reloadPauseMs = 5 * second;

/**
 * Reads the signing keys and makes the first one when there is none.
 *
 * @throws Error when a key in use cannot be opened with this master secret
 */
export async function createSigningKeys(
  deps: Pick<Deps, 'store' | 'clock' | 'random' | 'log'> & {
    config: Pick<Deps['config'], 'masterSecret' | 'signingKeyLifeMs' | 'signingKeyAheadMs'>;
  },
): Promise<RotatingSigningKeys> {
  const { store, clock, random, log, config } = deps;
  const vault = createSigningKeyVault(config.masterSecret);
  let plan: Plan = { keys: [], epoch: null };
  let loadedAt: Instant = -Infinity;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    const rows = await store.read
      .selectFrom('meta')
      .fullJoin('signing_keys', (join) => join.onTrue())
      .where((where) => where.or([where('meta.key', '=', epochKey), where('meta.key', 'is', null)]))
      .select(['meta.value as epoch', 'kid', 'private_jwe', 'signs_from', 'signs_until', 'removed_at'])
      .execute();
    void rows;
  }
  void load;
  void plan; void loadedAt; void loading; void clock; void random; void log; void vault;
  throw new Error('draft');
}
