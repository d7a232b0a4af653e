import type { Instant } from '@postern/shared/time';
import type { Store } from '../storage/store.ts';
import { isPublished, type KeyTimes } from './signing-key-plan.ts';
import type { OpenKey, SigningKeyVault } from './signing-key-vault.ts';
import type { KeyUse } from './signing-keys.ts';

export type SigningKey = KeyTimes & OpenKey;

export interface KeyPlan {
  keys: readonly SigningKey[];
  /** Value of the meta row that every change of the plan replaces: of two nodes that rotate at once, one does. */
  epoch: string | null;
}

export const epochKeys: Readonly<Record<KeyUse, string>> = {
  'access-token': 'signing_keys_epoch',
  signal: 'signal_keys_epoch',
};

export async function readEpoch(store: Store, use: KeyUse): Promise<string | null> {
  const row = await store.read.selectFrom('meta').select('value').where('key', '=', epochKeys[use]).executeTakeFirst();
  return row?.value ?? null;
}

/**
 * Reads the published keys of one use. Those that are known already are not opened again.
 *
 * @throws Error when one cannot be opened with this master secret
 */
export async function readKeyPlan(
  store: Store,
  use: KeyUse,
  { vault, known, now }: { vault: SigningKeyVault; known: readonly OpenKey[]; now: Instant },
): Promise<KeyPlan> {
  // The epoch first: when the keys change in between, the next change finds the epoch gone and is not made.
  const epoch = await readEpoch(store, use);
  const rows = await store.read
    .selectFrom('signing_keys')
    .selectAll()
    .where('use', '=', use)
    .orderBy('signs_from')
    .execute();
  const open = new Map(known.map((key) => [key.kid, key]));
  const keys: SigningKey[] = [];
  for (const row of rows) {
    const times: KeyTimes = {
      kid: row.kid,
      signsFrom: row.signs_from,
      signsUntil: row.signs_until,
      removedAt: row.removed_at,
    };
    if (!isPublished(times, now)) continue;
    keys.push({ ...(open.get(row.kid) ?? (await openKey(vault, row.kid, row.private_jwe))), ...times });
  }
  return { keys, epoch };
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
