import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { Database } from '../storage/database.ts';
import { type ChainHead, type ChainRow, type ChainVerdict, verifyChain } from './chain.ts';
import { openCheckpoint } from './checkpoints/checkpoint.ts';
import { readLogKey } from './checkpoints/log-key.ts';
import { readCheckpoints } from './log-file/write-log.ts';
import { CompactRange } from './merkle/compact-range.ts';
import { hashLeaf } from './merkle/hash.ts';
import { readChain } from './read.ts';

type Fault = Exclude<ChainVerdict, { outcome: 'intact' }>;

/** Verifies the chain in the database, also against the checkpoints that were signed of it and a head from elsewhere. */
export async function verifyStored(
  read: Kysely<Database>,
  config: Pick<Config, 'issuer' | 'masterSecret'>,
  known: ChainHead | undefined,
): Promise<ChainVerdict> {
  const chain = await read.selectFrom('meta').select('value').where('key', '=', 'chain_id').executeTakeFirst();
  // A database without the id of its chain was not made by this program, or somebody took it away.
  if (chain === undefined) return { outcome: 'missing', seq: 0 };
  const key = await readLogKey(read, config);
  const checkpoints = readCheckpoints(read, Number.MAX_SAFE_INTEGER);
  const tree = new CompactRange();
  let fault: Fault | undefined;

  async function* compared(): AsyncGenerator<ChainRow> {
    let next = await checkpoints.next();
    for await (const row of readChain(read)) {
      yield row;
      tree.append(hashLeaf(row.entry));
      if (next.done === true || next.value.size !== row.seq) continue;
      const signed = openCheckpoint(next.value.note, key);
      if (signed?.size !== row.seq || signed.origin !== key.name) fault = { outcome: 'altered', seq: row.seq };
      else if (!signed.root.equals(tree.root())) fault = { outcome: 'forked', seq: row.seq };
      if (fault !== undefined) return;
      next = await checkpoints.next();
    }
    // Entries are read before the checkpoints that cover them: one of more than there were may be new.
    const size = next.done === true ? 0 : next.value.size;
    const last = await read.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
    if (size > (last?.seq ?? 0)) fault = { outcome: 'truncated', seq: tree.size + 1 };
  }

  const verdict = await verifyChain(compared(), {
    chainId: chain.value,
    ...(known === undefined ? {} : { head: known }),
  });
  return fault ?? verdict;
}
