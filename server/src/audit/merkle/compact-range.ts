import { hashNode, joinSubtrees } from './hash.ts';

/**
 * A Merkle tree (RFC 6962) of which only the roots of its complete subtrees are kept, from left to right: as many as the
 * number of leaves has binary ones. Leaves are added one by one.
 */
export class CompactRange {
  #size = 0;
  readonly #subtrees: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  /** @param leaf hash of the leaf (hashLeaf), 32 bytes */
  append(leaf: Buffer): void {
    let joined = leaf;
    // Two subtrees of one size become one, as in counting up in binary.
    for (let ones = this.#size; ones % 2 === 1; ones = Math.floor(ones / 2))
      joined = hashNode(this.#subtrees.pop() ?? joined, joined);
    this.#subtrees.push(joined);
    this.#size += 1;
  }

  /** Roots of the complete subtrees, the largest first. */
  subtrees(): readonly Buffer[] {
    return this.#subtrees;
  }

  root(): Buffer {
    return joinSubtrees(this.#subtrees);
  }
}
