import { hashNode } from './hash.ts';

const isOdd = (number: number) => number % 2 === 1;
const half = (number: number) => Math.floor(number / 2);

/** Whether the proof leads from the leaf to the root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(given: {
  leaf: Buffer;
  index: number;
  size: number;
  proof: readonly Buffer[];
  root: Buffer;
}): boolean {
  const { index, size, proof, root } = given;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let [node, last, hash] = [index, size - 1, given.leaf];
  for (const part of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = hashNode(part, hash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = hashNode(hash, part);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Whether the proof shows that the second tree goes on from the first (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(given: {
  first: { size: number; root: Buffer };
  second: { size: number; root: Buffer };
  proof: readonly Buffer[];
}): boolean {
  const { first, second, proof } = given;
  if (!Number.isSafeInteger(first.size) || !Number.isSafeInteger(second.size)) return false;
  if (first.size < 0 || first.size > second.size) return false;
  if (first.size === second.size) return proof.length === 0 && first.root.equals(second.root);
  if (first.size === 0) return proof.length === 0;
  // Where the first tree is complete, its root is the first part, and is not sent.
  const path = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : proof;
  const [begin, ...rest] = path;
  if (begin === undefined || rest.length === 0) return false;
  let [node, last] = [first.size - 1, second.size - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let [older, newer] = [begin, begin];
  for (const part of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      older = hashNode(part, older);
      newer = hashNode(part, newer);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newer = hashNode(newer, part);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && older.equals(first.root) && newer.equals(second.root);
}
