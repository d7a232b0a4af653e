import type { Kysely } from 'kysely';
import type { Database } from '../../storage/database.ts';
import { hashLeaf, joinSubtrees } from '../merkle/hash.ts';
import { type Range, type Subtree, subtreesOf } from '../merkle/ranges.ts';
import { openHashes, rootOfHashes, TiledTree, tileWidth } from './tiled-tree.ts';

/** What is stored of the tree is not what a tree of that size has. */
export class TreeError extends Error {
  override readonly name = 'TreeError';
}

const hashBytes = 32;
const portion = 64;

/** Parts of the Merkle tree, from the stored tiles and, where they end, from the entries. */
export class TileReader {
  readonly #read: Kysely<Database>;
  /** Roots of full tiles by `level/idx`: they never change, and reading 256 tiles again for each proof would be dear. */
  readonly #roots = new Map<string, Buffer>();

  constructor(read: Kysely<Database>) {
    this.#read = read;
  }

  /** The end of the tree of that size, to go on from. @throws TreeError */
  async tree(size: number): Promise<TiledTree> {
    const levels = [];
    for (const { level, from, count } of openHashes(size)) levels.push(await this.hashes(level, from, count));
    return new TiledTree(size, levels);
  }

  /** The roots of ranges, e.g. of those of a proof. @throws TreeError */
  async roots(ranges: readonly Range[]): Promise<Buffer[]> {
    const roots = [];
    for (const range of ranges) {
      const hashes = [];
      for (const subtree of subtreesOf(range)) hashes.push(await this.#subtree(subtree));
      roots.push(joinSubtrees(hashes));
    }
    return roots;
  }

  async #subtree({ level, index }: Subtree): Promise<Buffer> {
    const height = level % 8;
    const hashes = await this.hashes(Math.floor(level / 8), index * 2 ** height, 2 ** height);
    return rootOfHashes(hashes);
  }

  /** Hashes of one tile, full or not: `count` from the `from`-th of that level. @throws TreeError */
  async hashes(level: number, from: number, count: number): Promise<Buffer[]> {
    if (count === 0) return [];
    const idx = Math.floor(from / tileWidth);
    const [stored] = await this.#tiles(level, idx, idx);
    if (stored !== undefined) return stored.hashes.slice(from % tileWidth, (from % tileWidth) + count);
    return level === 0 ? this.#leaves(from, count) : this.#rootsOfTiles(level - 1, from, count);
  }

  async #leaves(from: number, count: number): Promise<Buffer[]> {
    const rows = await this.#read
      .selectFrom('audit')
      .select(['seq', 'entry'])
      .where('seq', '>', from)
      .where('seq', '<=', from + count)
      .orderBy('seq')
      .execute();
    if (rows.length !== count) throw new TreeError(`of the entries ${from + 1} to ${from + count} some are gone`);
    return rows.map(({ entry }) => hashLeaf(entry));
  }

  async #rootsOfTiles(level: number, from: number, count: number): Promise<Buffer[]> {
    const nameOf = (idx: number) => `${level}/${idx}`;
    for (let start = from; start < from + count; start += portion) {
      const end = Math.min(start + portion, from + count) - 1;
      const wanted = Array.from({ length: end - start + 1 }, (_, index) => start + index);
      if (wanted.every((idx) => this.#roots.has(nameOf(idx)))) continue;
      for (const { idx, hashes } of await this.#tiles(level, start, end))
        this.#roots.set(nameOf(idx), rootOfHashes(hashes));
    }
    return Array.from({ length: count }, (_, index) => {
      const root = this.#roots.get(nameOf(from + index));
      if (root === undefined) throw new TreeError(`tile ${nameOf(from + index)} is gone`);
      return root;
    });
  }

  async #tiles(level: number, from: number, to: number): Promise<{ idx: number; hashes: Buffer[] }[]> {
    const rows = await this.#read
      .selectFrom('audit_tiles')
      .select(['idx', 'hashes'])
      .where('level', '=', level)
      .where('idx', '>=', from)
      .where('idx', '<=', to)
      .orderBy('idx')
      .execute();
    return rows.map(({ idx, hashes }) => {
      const bytes = Buffer.from(hashes, 'base64');
      if (bytes.length !== tileWidth * hashBytes) throw new TreeError(`tile ${level}/${idx} is not of 256 hashes`);
      return {
        idx,
        hashes: Array.from({ length: tileWidth }, (_, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes)),
      };
    });
  }
}
