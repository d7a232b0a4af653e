import type { Kysely } from 'kysely';
import type { Config } from '../../config.ts';
import { deriveKey } from '../../master-key.ts';
import type { Database } from '../../storage/database.ts';
import { claimedCheckpoint, openCheckpoint } from './checkpoint.ts';
import { type NoteKey, type NoteSigner, noteSigner } from './signed-note.ts';

/**
 * The key that signs this installation's checkpoints, from the master secret. Its name is the origin of the log: the
 * host of the issuer and the id of the chain, as it was when the first checkpoint was signed. A server that moves to
 * another address goes on with the log it has.
 */
export async function readLogKey(
  read: Kysely<Database>,
  config: Pick<Config, 'issuer' | 'masterSecret'>,
): Promise<NoteSigner & { chainId: string }> {
  const [chain, first] = await Promise.all([
    read.selectFrom('meta').select('value').where('key', '=', 'chain_id').executeTakeFirstOrThrow(),
    read.selectFrom('audit_checkpoints').select('note').orderBy('size').limit(1).executeTakeFirst(),
  ]);
  const claimed = first === undefined ? undefined : claimedCheckpoint(first.note)?.origin;
  const origin =
    claimed?.endsWith(`/audit/${chain.value}`) === true
      ? claimed
      : `${new URL(config.issuer).host}/audit/${chain.value}`;
  const seed = deriveKey(config.masterSecret, 'audit-checkpoints');
  return { ...noteSigner(seed, origin), chainId: chain.value };
}

/** Whether the latest checkpoint is of this key; one of another master secret is not. True where there is none yet. */
export async function isKeyInUse(read: Kysely<Database>, key: NoteKey): Promise<boolean> {
  const latest = await read
    .selectFrom('audit_checkpoints')
    .select('note')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return latest === undefined || openCheckpoint(latest.note, key) !== undefined;
}
