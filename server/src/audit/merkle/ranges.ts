/** Leaves `start` to `end` (exclusive), counted from 0. */
export interface Range {
  start: number;
  end: number;
}

/** A complete subtree: `2 ** level` leaves, the `index`-th of that size. */
export interface Subtree {
  level: number;
  index: number;
}

/** The largest power of two that is smaller than `leaves`, where RFC 6962 section 2.1 splits a tree. */
function splitOf(leaves: number): number {
  let split = 1;
  while (split * 2 < leaves) split *= 2;
  return split;
}

/** The complete subtrees that a range of the tree is joined from, the largest first. */
export function subtreesOf({ start, end }: Range): Subtree[] {
  const found: Subtree[] = [];
  for (let from = start; from < end;) {
    let level = 0;
    while (from % 2 ** (level + 1) === 0 && from + 2 ** (level + 1) <= end) level += 1;
    found.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return found;
}

/**
 * The ranges whose roots prove that the leaf `index` is in the tree of `size` leaves, from the leaf up
 * (RFC 6962 section 2.1.1, PATH).
 *
 * @throws RangeError when there is no such leaf
 */
export function inclusionRanges(index: number, size: number): Range[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf');
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/**
 * The ranges whose roots prove that the tree of `size` leaves goes on from the one of `first` leaves
 * (RFC 6962 section 2.1.2, SUBPROOF). None where the trees are of one size, or the first is empty.
 *
 * @throws RangeError when the first is the larger one
 */
export function consistencyRanges(first: number, size: number): Range[] {
  if (!Number.isSafeInteger(first) || first < 0 || first > size) throw new RangeError('no such tree');
  if (first === 0 || first === size) return [];
  const ranges: Range[] = [];
  let [start, end, wholeOfFirst] = [0, size, true];
  while (first !== end) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
      wholeOfFirst = false;
    }
  }
  return wholeOfFirst ? ranges : [{ start, end }, ...ranges];
}
