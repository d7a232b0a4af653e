import { Fault } from '@postern/shared/protocol/errors';
import type { Store } from '../storage/store.ts';
import { type Checkpointer, latestCheckpoint } from './checkpoints/checkpointer.ts';
import { hashLeaf } from './merkle/hash.ts';
import { inclusionRanges } from './merkle/ranges.ts';
import { verifyInclusion } from './merkle/verify-proof.ts';
import { entries } from './stored-entry.ts';

/**
 * The proof that an entry is under the latest checkpoint. It is checked before it is given: what does not lead to the
 * signed root is no proof.
 *
 * @throws Fault not_found where there is no such entry, or no checkpoint covers it yet
 */
export async function proveEntry(store: Pick<Store, 'read'>, { tiles }: Pick<Checkpointer, 'tiles'>, seq: number) {
  const [row, latest] = await Promise.all([
    entries(store.read).where('audit.seq', '=', seq).executeTakeFirst(),
    latestCheckpoint(store),
  ]);
  if (row === undefined) throw new Fault('not_found');
  if (latest === undefined || latest.size < seq)
    throw new Fault('not_found', {
      details: [{ path: 'seq', message: 'no checkpoint covers this entry yet; ask again in a minute' }],
    });
  const { size, note } = latest;
  const proof = await tiles.roots(inclusionRanges(seq - 1, size));
  const root = Buffer.from(latest.root, 'base64');
  if (!verifyInclusion({ leaf: hashLeaf(row.entry), index: seq - 1, size, proof, root }))
    throw new Error(`the audit contradicts its checkpoint of ${size} entries at entry ${seq}`);
  return {
    seq,
    entry: row.entry,
    proof: proof.map((hash) => hash.toString('base64')),
    size,
    checkpoint: note,
    text: row.salt === null || row.text === null ? null : { salt: row.salt, text: row.text },
  };
}
