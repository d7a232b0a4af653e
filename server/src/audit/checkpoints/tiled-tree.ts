import { CompactRange } from '../merkle/compact-range.ts';
import { joinSubtrees } from '../merkle/hash.ts';

/** A tile is so many hashes wide (C2SP tlog-tiles). */
export const tileWidth = 256;

/** A full tile: hashes of leaves on level 0, roots of the full tiles below on the others. */
export interface Tile {
  level: number;
  idx: number;
  hashes: readonly Buffer[];
}

/** Root of the subtree that these hashes, all of one size, stand for. */
export function rootOfHashes(hashes: readonly Buffer[]): Buffer {
  return rangeOf(hashes).root();
}

function rangeOf(hashes: readonly Buffer[]): CompactRange {
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range;
}

/** The growing end of a Merkle tree: of each level the hashes that fill no tile yet. */
export class TiledTree {
  #size: number;
  readonly #levels: Buffer[][];

  constructor(size = 0, levels: readonly (readonly Buffer[])[] = []) {
    this.#size = size;
    this.#levels = levels.map((hashes) => [...hashes]);
  }

  get size(): number {
    return this.#size;
  }

  copy(): TiledTree {
    return new TiledTree(this.#size, this.#levels);
  }

  /** Adds a leaf, and returns the tiles that are full now. */
  append(leaf: Buffer): Tile[] {
    this.#size += 1;
    const full: Tile[] = [];
    let hash = leaf;
    for (let level = 0; ; level += 1) {
      const hashes = (this.#levels[level] ??= []);
      hashes.push(hash);
      if (hashes.length < tileWidth) return full;
      full.push({ level, idx: this.#size / tileWidth ** (level + 1) - 1, hashes });
      this.#levels[level] = [];
      hash = rootOfHashes(hashes);
    }
  }

  root(): Buffer {
    // What stands on a higher level is further left, and larger.
    return joinSubtrees(this.#levels.toReversed().flatMap((hashes) => rangeOf(hashes).subtrees()));
  }
}

/** How many hashes fill no tile, on each level of a tree of that size. */
export function openHashes(size: number): { level: number; from: number; count: number }[] {
  const levels = [];
  for (let level = 0; tileWidth ** level <= size; level += 1) {
    const hashes = Math.floor(size / tileWidth ** level);
    levels.push({ level, from: hashes - (hashes % tileWidth), count: hashes % tileWidth });
  }
  return levels;
}
