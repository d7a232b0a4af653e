import { sha256, utf8 } from '../../parts/bytes.ts';

/** Hash of a leaf: SHA-256 of 0x00 and what it holds (RFC 6962 section 2.1). */
export function hashLeaf(text: string): Promise<Uint8Array> {
  return sha256(Uint8Array.of(0), utf8(text));
}

/**
 * The root that a proof leads to from a leaf (RFC 9162 section 2.1.3.2); undefined where it has more or fewer steps than the
 * place of the leaf in a tree of that size takes.
 */
export async function rootOf(
  leaf: Uint8Array,
  place: { index: number; size: number },
  proof: readonly Uint8Array[],
): Promise<Uint8Array | undefined> {
  const { index, size } = place;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return undefined;
    // At the right edge of the tree a node may be alone on some levels: there it is carried up as it is.
    const isRight = node % 2 === 1 || node === last;
    hash = isRight ? await hashNode(sibling, hash) : await hashNode(hash, sibling);
    if (isRight) while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

/** Hash of a node: SHA-256 of 0x01 and its two children. */
function hashNode(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(Uint8Array.of(1), left, right);
}
