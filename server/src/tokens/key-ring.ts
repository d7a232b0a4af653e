import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, second } from '@postern/shared/time';
import { type Actor, systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { ConflictError } from '../storage/store.ts';
import { readEpoch, readKeyPlan, type KeyPlan, type SigningKey } from './key-plan-storage.ts';
import { openEndedOf, signerAt, type Succession, successionAt, successionAtStart } from './signing-key-plan.ts';
import { createSigningKeyVault } from './signing-key-vault.ts';
import type { KeyUse, SigningAlg } from './signing-keys.ts';
import { succession } from './succession.ts';

export type KeyRingDeps = Pick<Deps, 'store' | 'clock'> & {
  config: Pick<Deps['config'], 'masterSecret' | 'signingKeyLifeMs' | 'signingKeyAheadMs'>;
};

/** The keys of one use, as this node knows them, and their succession. */
export interface KeyRing {
  readonly use: KeyUse;
  /** Those that are published, by the last read. */
  keys(): readonly SigningKey[];
  /** Reads again when the key is unknown, but not for every kid that somebody makes up. */
  find(kid: string): Promise<SigningKey | undefined>;
  signer(now: Instant): Promise<SigningKey>;
  readonly signsSince: (now: Instant) => Instant | undefined;
  read(): Promise<void>;
  /** Reads again if another node changed the keys. */
  readonly follow: () => Promise<void>;
  /** Reads, and makes what is missing: the first key, or one of the algorithm that is set. */
  begin(now: Instant): Promise<void>;
  readonly rotateIfDue: (now: Instant) => Promise<void>;
  readonly rotateNow: (now: Instant, actor?: Actor) => Promise<void>;
}

/** A made-up kid makes a node read the keys again, but not for every request. */
const reloadPauseMs = 5 * second;
const emergencyAttempts = 5;

export function createKeyRing(deps: KeyRingDeps, use: KeyUse, alg: SigningAlg): KeyRing {
  const { store, clock, config } = deps;
  const vault = createSigningKeyVault(config.masterSecret, use);
  const terms = { lifeMs: config.signingKeyLifeMs, aheadMs: config.signingKeyAheadMs, alg };
  let plan: KeyPlan = { keys: [], epoch: null };
  let loadedAt: Instant = -Infinity;
  let loading: Promise<void> | undefined;

  /** Callers that need it at the same time share one read. */
  function read(): Promise<void> {
    loading ??= readKeyPlan(store, use, { vault, known: plan.keys, now: clock.now() }).then(
      (found) => {
        plan = found;
        loadedAt = clock.now();
        loading = undefined;
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  }

  /** A read that began before our own write does not know it. */
  async function readAfterChange(): Promise<void> {
    await loading?.catch(() => undefined);
    await read();
  }

  /** False: the plan was no longer as it was read, because another node changed it. Ours is up to date again either way. */
  async function succeed(
    next: { signsFrom: Instant; cause: Succession['cause'] | 'emergency'; actor: Actor },
    now: Instant,
  ): Promise<boolean> {
    // Making an RSA key takes a while: the plan that is changed is the one that was looked at.
    const before = plan;
    const made = await vault.make(alg);
    try {
      await store.commit(succession(before, { ...made, ...next, use }, now));
      return true;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      return false;
    } finally {
      await readAfterChange();
    }
  }

  async function rotate(due: typeof successionAtStart, now: Instant): Promise<void> {
    await read();
    const next = due(openEndedOf(plan.keys), terms, now);
    if (next !== undefined) await succeed({ ...next, actor: systemActor }, now);
  }

  return {
    use,
    keys: () => plan.keys,
    signsSince: (now) => signerAt(plan.keys, now)?.signsFrom,
    async find(kid) {
      const known = plan.keys.find((key) => key.kid === kid);
      if (known !== undefined || clock.now() - loadedAt < reloadPauseMs) return known;
      await read();
      return plan.keys.find((key) => key.kid === kid);
    },
    async signer(now) {
      let key = signerAt(plan.keys, now);
      if (key === undefined) {
        await read();
        key = signerAt(plan.keys, now);
      }
      if (key === undefined) throw new Error(`no key of use ${use} is in force`);
      return key;
    },
    read,
    async follow() {
      if ((await readEpoch(store, use)) !== plan.epoch) await read();
    },
    begin: (now) => rotate(successionAtStart, now),
    rotateIfDue: (now) => rotate(successionAt, now),
    async rotateNow(now, actor = systemActor) {
      await read();
      for (let attempt = 1; !(await succeed({ signsFrom: now, cause: 'emergency', actor }, now)); attempt += 1) {
        if (attempt === emergencyAttempts) throw new Fault('conflict');
      }
    },
  };
}
