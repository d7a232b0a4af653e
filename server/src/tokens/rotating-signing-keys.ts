import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, second, toTimestamp } from '@postern/shared/time';
import { type Actor, systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { isSignedBy, openJws, signJws } from '../jws/index.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { isPublished, type KeyTimes, newestOf, overlapMs, signerAt, successionAt } from './signing-key-plan.ts';
import { createSigningKeyVault, type NewKey, type OpenKey, type SigningKeyVault } from './signing-key-vault.ts';
import type { RotatingSigningKeys } from './signing-keys.ts';

type SigningKeyDeps = Pick<Deps, 'store' | 'clock'> & {
  config: Pick<Deps['config'], 'masterSecret' | 'signingKeyLifeMs' | 'signingKeyAheadMs'>;
};

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
const emergencyAttempts = 5;

/**
 * Reads the signing keys and makes the first one when there is none.
 *
 * @throws Error when a key in use cannot be opened with this master secret
 */
export async function createSigningKeys(deps: SigningKeyDeps): Promise<RotatingSigningKeys> {
  const { store, clock, config } = deps;
  const vault = createSigningKeyVault(config.masterSecret);
  let plan: Plan = { keys: [], epoch: null };
  let loadedAt: Instant = -Infinity;
  let loading: Promise<void> | undefined;

  /** Callers that need it at the same time share one read. */
  function reload(): Promise<void> {
    loading ??= readPlan(deps, vault, plan).then(
      (read) => {
        plan = read;
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

  async function find(kid: string): Promise<SigningKey | undefined> {
    const known = plan.keys.find((key) => key.kid === kid);
    if (known !== undefined || clock.now() - loadedAt < reloadPauseMs) return known;
    await reload();
    return plan.keys.find((key) => key.kid === kid);
  }

  /** A read that began before our own write does not know it. */
  async function reloadAfterChange(): Promise<void> {
    await loading?.catch(() => undefined);
    await reload();
  }

  /** False: the plan was no longer as it was read, because another node changed it. Ours is up to date again either way. */
  async function succeed(terms: Omit<Successor, keyof NewKey>, now: Instant): Promise<boolean> {
    const unit = succession(plan, { ...(await vault.make()), ...terms }, now);
    try {
      await store.commit(unit);
      return true;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      return false;
    } finally {
      await reloadAfterChange();
    }
  }

  async function rotateIfDue(now: Instant): Promise<void> {
    await reload();
    const newest = newestOf(plan.keys);
    const terms = { lifeMs: config.signingKeyLifeMs, aheadMs: config.signingKeyAheadMs };
    const signsFrom = newest === undefined ? now : successionAt(newest, terms, now);
    if (signsFrom === undefined) return;
    const cause = newest === undefined ? 'first' : 'scheduled';
    await succeed({ signsFrom, cause, actor: systemActor }, now);
  }

  await rotateIfDue(clock.now());

  return {
    rotateIfDue,
    async rotateNow(now, actor = systemActor) {
      await reload();
      for (let attempt = 1; !(await succeed({ signsFrom: now, cause: 'emergency', actor }, now)); attempt += 1) {
        if (attempt === emergencyAttempts) throw new Fault('conflict');
      }
    },
    async sign(claims, typ, now) {
      let key = signerAt(plan.keys, now);
      if (key === undefined) {
        await reload();
        key = signerAt(plan.keys, now);
      }
      if (key === undefined) throw new Error('no signing key is in force');
      return signJws({ typ, kid: key.kid }, claims, key.privateKey);
    },
    async verify(token, typ) {
      const jws = openJws(token, maxTokenLength);
      if (jws === undefined || jws.header['alg'] !== 'ES256' || jws.header['typ'] !== typ) return undefined;
      const { kid } = jws.header;
      if (typeof kid !== 'string') return undefined;
      const key = await find(kid);
      if (key === undefined || !isPublished(key, clock.now())) return undefined;
      return isSignedBy(jws, key.publicKey) ? { ...jws.payload } : undefined;
    },
    jwks: () => ({
      keys: plan.keys.filter((key) => isPublished(key, clock.now())).map((key) => key.publicJwk),
    }),
  };
}

async function readPlan({ store, clock }: SigningKeyDeps, vault: SigningKeyVault, before: Plan): Promise<Plan> {
  // The epoch first: when the keys change in between, the next change finds the epoch gone and is not made.
  const epoch = await store.read.selectFrom('meta').select('value').where('key', '=', epochKey).executeTakeFirst();
  const rows = await store.read.selectFrom('signing_keys').selectAll().orderBy('signs_from').execute();
  const open = new Map(before.keys.map((key) => [key.kid, key]));
  const keys: SigningKey[] = [];
  for (const row of rows) {
    const times: KeyTimes = {
      kid: row.kid,
      signsFrom: row.signs_from,
      signsUntil: row.signs_until,
      removedAt: row.removed_at,
    };
    if (!isPublished(times, clock.now())) continue;
    keys.push({ ...(open.get(row.kid) ?? (await openKey(vault, row.kid, row.private_jwe))), ...times });
  }
  return { keys, epoch: epoch?.value ?? null };
}

async function openKey(vault: SigningKeyVault, kid: string, sealed: string): Promise<OpenKey> {
  try {
    return await vault.open(kid, sealed);
  } catch (error) {
    throw new Error(
      `The signing key ${kid} cannot be opened with this master secret. Start with the secret that it was made under.`,
      { cause: error },
    );
  }
}

interface Successor extends NewKey {
  signsFrom: Instant;
  cause: 'first' | 'scheduled' | 'emergency';
  actor: Actor;
}

/** The unit that puts a new key into the plan. Its last change holds only while the plan is as it was read. */
function succession(plan: Plan, { kid, publicJwk, sealed, signsFrom, cause, actor }: Successor, now: Instant): Unit {
  const made = insert('signing_keys', {
    kid,
    alg: publicJwk.alg,
    public_jwk: JSON.stringify(publicJwk),
    use: 'access-token',
    private_jwe: sealed,
    created_at: now,
    signs_from: signsFrom,
    signs_until: null,
    removed_at: null,
  });
  const predecessors = cause === 'emergency' ? plan.keys : plan.keys.filter((key) => key.signsUntil === null);
  const ended = predecessors.map((key) =>
    updateOne(
      'signing_keys',
      { kid: key.kid },
      { signs_until: signsFrom, removed_at: cause === 'emergency' ? now : signsFrom + overlapMs },
    ),
  );
  const epoch: Change =
    plan.epoch === null
      ? insert('meta', { key: epochKey, value: kid })
      : updateOne('meta', { key: epochKey, value: plan.epoch }, { value: kid });
  return {
    changes: [made, ...ended, epoch],
    audit: [
      {
        at: now,
        type: 'signing-key.rotated',
        outcome: 'success',
        actor,
        subject: { kind: 'signing-key', id: kid },
        data: { cause, signsFrom: toTimestamp(signsFrom), predecessors: predecessors.map((key) => key.kid) },
      },
    ],
  };
}
