import type { Logger } from 'pino';
import type { Instant } from '@postern/shared/time';
import type { Config } from '../../config.ts';
import { type Change, insert } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import { ConflictError, type Store } from '../../storage/store.ts';
import { type ChainHead, faultOf } from '../chain.ts';
import { hashLeaf } from '../merkle/hash.ts';
import { readEntries } from '../read.ts';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { isDue } from './due.ts';
import { keptCheckpoint } from './folder.ts';
import { readLogKey } from './log-key.ts';
import { TileReader, TreeError } from './tile-reader.ts';
import { type Tile, TiledTree } from './tiled-tree.ts';

export type CheckpointRow = Database['audit_checkpoints'];

export interface CheckpointerDeps {
  store: Store;
  config: Pick<Config, 'issuer' | 'masterSecret' | 'checkpoints'>;
  log: Pick<Logger, 'error'>;
}

/** Where the tree ends that was last signed, with the entry that it ends with. */
interface Signed {
  tree: TiledTree;
  head: ChainHead;
}

/** Entries under one checkpoint at most: bounds what is held in memory when much has to be caught up with. */
const step = 16_384;
const portion = 1000;

/**
 * Signs the head of the log's Merkle tree, again and again (C2SP tlog-checkpoint). Each signature goes on from the last
 * one, and is made only over entries that continue the chain: whatever is inconsistent is never signed, and after it
 * nothing is, until the process starts again. What is stored is believed only as far as the last signature covers it.
 */
export class Checkpointer {
  readonly #deps: CheckpointerDeps;
  readonly #tiles: TileReader;
  #signed: Signed | undefined;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: CheckpointerDeps) {
    this.#deps = deps;
    this.#tiles = new TileReader(deps.store.read);
  }

  /** Whether the log contradicts what was signed of it. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  get tiles(): TileReader {
    return this.#tiles;
  }

  /** Signs when it is time, or when so many entries are new. */
  async signWhenDue(now: Instant): Promise<void> {
    await this.#inTurn(() => this.#sign(now, undefined));
  }

  /** Signs everything that is there now, and does not run after what is added meanwhile. @returns the last checkpoint; undefined where there is none */
  async signAll(now: Instant): Promise<CheckpointRow | undefined> {
    await this.#inTurn(async () => this.#sign(now, await this.#lastEntry()));
    return latestCheckpoint(this.#deps.store);
  }

  /** Two runs in one process would do the same work, and one of them in vain. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#running.then(work);
    this.#running = turn.catch(() => undefined);
    await turn;
  }

  async #sign(now: Instant, until: number | undefined): Promise<void> {
    try {
      for (let tries = 0; !this.#stopped && (await this.#signStep(now, until)); tries += 1) {
        // Another node that signs at the same time wins now and then, not for ever.
        if (tries > 10_000) return;
      }
    } catch (error) {
      if (!(error instanceof TreeError)) throw error;
      this.#stopped = true;
      this.#deps.log.error(
        { err: error },
        'The audit log contradicts what was signed of it: no more checkpoints are signed until this is settled and the server starts again. Run postern-server audit verify; docs/audit.md says what to do',
      );
    }
  }

  async #lastEntry(): Promise<number> {
    const { read } = this.#deps.store;
    const end = await read.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
    return end?.seq ?? 0;
  }

  /** @param until sign up to that entry at least, due or not. @returns whether there is more to sign */
  async #signStep(now: Instant, until: number | undefined): Promise<boolean> {
    const { store } = this.#deps;
    const [latest, size] = await Promise.all([latestCheckpoint(store), this.#lastEntry()]);
    const covered = latest?.size ?? 0;
    if (this.#signed !== undefined && this.#signed.tree.size > covered)
      throw new TreeError(`the checkpoint of ${this.#signed.tree.size} entries is gone`);
    // Between the two reads above entries are only added.
    if (size < covered) throw new TreeError(`there are ${size} entries, and ${covered} were signed`);
    const wanted =
      until === undefined ? size > covered && isDue(this.#deps.config, latest, size, now) : until > covered;
    if (!wanted) return false;
    if (this.#signed === undefined) await this.#compareKept(covered);
    const signed = await this.#goTo(latest);
    const tiles: Tile[] = [];
    const next = await this.#follow(signed, Math.min(size, covered + step), tiles);
    const row = await this.#row(next, now);
    try {
      await store.commit({ changes: [...tiles.map(toChange), insert('audit_checkpoints', row)], audit: [] });
      this.#signed = next;
    } catch (error) {
      // Another node signed meanwhile: what it signed is held against the entries in the next round.
      if (!(error instanceof ConflictError)) throw error;
    }
    return next.tree.size < (until ?? size);
  }

  async #row({ tree }: Signed, at: Instant): Promise<CheckpointRow> {
    const key = await readLogKey(this.#deps.store.read, this.#deps.config);
    const root = tree.root();
    const note = signCheckpoint(key, { origin: key.name, size: tree.size, root });
    return { size: tree.size, root: root.toString('base64'), note, at };
  }

  /** What lies in the folder was signed before: over a log that was cut off, rewritten or restored since, nothing is signed. */
  async #compareKept(covered: number): Promise<void> {
    const { store, config } = this.#deps;
    const { folder } = config.checkpoints;
    const kept = folder === null ? undefined : await keptCheckpoint(folder);
    if (kept === undefined) return;
    const row = await store.read
      .selectFrom('audit_checkpoints')
      .select('root')
      .where('size', '=', kept.size)
      .executeTakeFirst();
    if (kept.size > covered || row?.root !== kept.root.toString('base64'))
      throw new TreeError(`the checkpoint of ${kept.size} entries that lies in ${folder} is not of this log`);
  }

  /** The tree under the latest checkpoint, made from what is stored and held against the signature. */
  async #goTo(latest: CheckpointRow | undefined): Promise<Signed> {
    const { store, config } = this.#deps;
    const key = await readLogKey(store.read, config);
    if (latest === undefined) return { tree: new TiledTree(), head: { seq: 0, hash: key.chainId } };
    if (this.#signed?.tree.size === latest.size) return this.#signed;
    const checkpoint = openCheckpoint(latest.note, key);
    if (checkpoint === undefined || checkpoint.size !== latest.size || checkpoint.origin !== key.name)
      throw new TreeError(`the checkpoint of ${latest.size} entries is not signed by this installation's key`);
    const next =
      this.#signed === undefined || latest.size - this.#signed.tree.size > step
        ? await this.#load(latest.size)
        : await this.#follow(this.#signed, latest.size, []);
    if (!next.tree.root().equals(checkpoint.root))
      throw new TreeError(`the first ${latest.size} entries are not those that were signed`);
    this.#signed = next;
    return next;
  }

  async #load(size: number): Promise<Signed> {
    const { store } = this.#deps;
    const tree = await this.#tiles.tree(size);
    const last = await store.read.selectFrom('audit').selectAll().where('seq', '=', size).executeTakeFirst();
    const [leaf] = await this.#tiles.roots([{ start: size - 1, end: size }]);
    if (last === undefined || leaf === undefined || !hashLeaf(last.entry).equals(leaf))
      throw new TreeError(`entry ${size} is not the one that was signed`);
    // Its predecessor is under the signature as well: only the entry itself is looked at.
    if (faultOf(last, { seq: size - 1, hash: '' }, true) !== undefined)
      throw new TreeError(`entry ${size} is not as it was written`);
    return { tree, head: { seq: size, hash: last.hash } };
  }

  /** Adds the entries up to `size`, each held against the one before. */
  async #follow(from: Signed, size: number, tiles: Tile[]): Promise<Signed> {
    const tree = from.tree.copy();
    let { head } = from;
    while (head.seq < size) {
      const rows = await readEntries(this.#deps.store.read, head.seq, Math.min(portion, size - head.seq));
      if (rows.length === 0) throw new TreeError(`entry ${head.seq + 1} is missing`);
      for (const row of rows) {
        const fault = faultOf(row, head);
        if (fault !== undefined) throw new TreeError(`entry ${fault.seq} is ${fault.outcome}`);
        tiles.push(...tree.append(hashLeaf(row.entry)));
        head = { seq: row.seq, hash: row.hash };
      }
    }
    return { tree, head };
  }
}

function toChange({ level, idx, hashes }: Tile): Change {
  return insert('audit_tiles', { level, idx, hashes: Buffer.concat(hashes).toString('base64') });
}

/** The checkpoint that covers most; undefined before the first. */
export function latestCheckpoint({ read }: Pick<Store, 'read'>): Promise<CheckpointRow | undefined> {
  return read.selectFrom('audit_checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
}
