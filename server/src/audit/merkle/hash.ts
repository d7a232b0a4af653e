import { hash } from 'node:crypto';

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

/** Root of the tree that has no leaf (RFC 6962 section 2.1): SHA-256 of nothing. */
export const emptyRoot = hash('sha256', '', 'buffer');

/** Hash of a leaf: SHA-256 of 0x00 and what it holds (RFC 6962 section 2.1). Text counts as UTF-8. */
export function hashLeaf(data: string | Uint8Array): Buffer {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  return hash('sha256', Buffer.concat([leafPrefix, bytes]), 'buffer');
}

/** Hash of a node: SHA-256 of 0x01 and its two children (RFC 6962 section 2.1). */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}

/** Root over subtrees that stand from left to right, each larger than the next: they are joined from the right. */
export function joinSubtrees(hashes: readonly Buffer[]): Buffer {
  const root = hashes.reduceRight<Buffer | undefined>(
    (right, left) => (right === undefined ? left : hashNode(left, right)),
    undefined,
  );
  return root ?? emptyRoot;
}
