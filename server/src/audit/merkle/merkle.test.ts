import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { CompactRange } from './compact-range.ts';
import { emptyRoot, hashLeaf, hashNode, joinSubtrees } from './hash.ts';
import { consistencyRanges, inclusionRanges, type Range, subtreesOf } from './ranges.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

/** The definition of RFC 6962 section 2.1, word for word: slow, and right. */
function oracle(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0] ?? assert.fail();
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashNode(oracle(leaves.slice(0, split)), oracle(leaves.slice(split)));
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, index) => hashLeaf(`entry ${index}`));
const rootsOf = (leaves: readonly Buffer[], ranges: readonly Range[]) =>
  ranges.map(({ start, end }) => oracle(leaves.slice(start, end)));
const treeOf = (leaves: readonly Buffer[]) => {
  const tree = new CompactRange();
  for (const leaf of leaves) tree.append(leaf);
  return tree;
};

// The inputs and roots of the tests of Certificate Transparency (merkletree/merkle_tree_test.cc).
const vectors = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('the roots of Certificate Transparency come out', () => {
  assert.equal(emptyRoot.toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const tree = new CompactRange();
  assert.equal(tree.root().toString('hex'), emptyRoot.toString('hex'));
  for (const [index, data] of vectors.entries()) {
    tree.append(hashLeaf(Buffer.from(data, 'hex')));
    assert.equal(tree.root().toString('hex'), roots[index]);
  }
});

test('its proof that leaf 5 is in the tree of 8, and that this goes on from the tree of 6, come out', () => {
  const leaves = vectors.map((data) => hashLeaf(Buffer.from(data, 'hex')));
  const hex = (ranges: Range[]) => rootsOf(leaves, ranges).map((root) => root.toString('hex'));
  assert.deepEqual(hex(inclusionRanges(5, 8)), [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
  assert.deepEqual(hex(consistencyRanges(6, 8)), [
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
});

test('adding leaf by leaf gives the root of the definition, for every size up to 300', () => {
  const leaves = leavesOf(300);
  const tree = new CompactRange();
  for (const [index, leaf] of leaves.entries()) {
    tree.append(leaf);
    if (index % 7 === 0 || index < 70) assert.deepEqual(tree.root(), oracle(leaves.slice(0, index + 1)));
  }
});

test('any part of a tree that a proof names is joined from its complete subtrees', () => {
  for (let size = 1; size <= 40; size += 1) {
    const leaves = leavesOf(size);
    const ranges = Array.from({ length: size }, (_, index) => inclusionRanges(index, size)).flat();
    for (const range of [...ranges, { start: 0, end: size }]) {
      const joined = joinSubtrees(
        subtreesOf(range).map(({ level, index }) => oracle(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
      );
      assert.deepEqual(joined, oracle(leaves.slice(range.start, range.end)));
    }
  }
});

test('every leaf of every tree of up to 65 proves itself, and nowhere else', () => {
  for (let size = 1; size <= 65; size += 1) {
    const leaves = leavesOf(size);
    const root = treeOf(leaves).root();
    for (const [index, leaf] of leaves.entries()) {
      const proof = rootsOf(leaves, inclusionRanges(index, size));
      assert.ok(verifyInclusion({ leaf, index, size, proof, root }));
      assert.ok(!verifyInclusion({ leaf, index: (index + 1) % (size + 1), size, proof, root }));
      assert.ok(!verifyInclusion({ leaf: hashLeaf('another'), index, size, proof, root }));
      assert.ok(!verifyInclusion({ leaf, index, size, proof: [...proof, root], root }));
      if (proof.length > 0) assert.ok(!verifyInclusion({ leaf, index, size, proof: proof.slice(1), root }));
    }
  }
});

test('every tree of up to 40 leaves proves that it goes on from every smaller one, and from no other history', () => {
  for (let size = 1; size <= 40; size += 1) {
    const leaves = leavesOf(size);
    const second = { size, root: treeOf(leaves).root() };
    for (let before = 0; before <= size; before += 1) {
      const first = { size: before, root: treeOf(leaves.slice(0, before)).root() };
      const proof = rootsOf(leaves, consistencyRanges(before, size));
      assert.ok(verifyConsistency({ first, second, proof }), `${before} to ${size}`);
      if (before === 0) continue;
      const forged = { size: before, root: treeOf(leaves.slice(0, before).with(0, hashLeaf('forged'))).root() };
      assert.ok(!verifyConsistency({ first: forged, second, proof }));
      assert.ok(!verifyConsistency({ first, second: { size, root: hashLeaf('forged') }, proof }));
      if (before < size) assert.ok(!verifyConsistency({ first, second, proof: [...proof, second.root] }));
    }
  }
});

test('no altered part of a proof is believed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), fc.nat(255), (size, which, where, byte) => {
      const leaves = leavesOf(size);
      const index = which % size;
      const proof = rootsOf(leaves, inclusionRanges(index, size));
      const part = proof[where % proof.length] ?? assert.fail();
      const at = where % 32;
      if (part[at] === byte) return;
      const altered = Buffer.from(part);
      altered[at] = byte;
      const root = treeOf(leaves).root();
      const leaf = leaves[index] ?? assert.fail();
      assert.ok(!verifyInclusion({ leaf, index, size, proof: proof.with(where % proof.length, altered), root }));
    }),
    { numRuns: 200 },
  );
});

test('what is no leaf and no tree is refused', () => {
  for (const [index, size] of [
    [0, 0],
    [-1, 3],
    [3, 3],
    [0.5, 3],
  ] as const) {
    assert.throws(() => inclusionRanges(index, size), RangeError);
    assert.ok(!verifyInclusion({ leaf: emptyRoot, index, size, proof: [], root: emptyRoot }));
  }
  assert.throws(() => consistencyRanges(4, 3), RangeError);
});
