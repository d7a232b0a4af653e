import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { chainEvent } from '@postern/server/audit/chain';
import { signCheckpoint } from '@postern/server/audit/checkpoints/checkpoint';
import { noteSigner } from '@postern/server/audit/checkpoints/signed-note';
import { CompactRange } from '@postern/server/audit/merkle/compact-range';
import { hashLeaf } from '@postern/server/audit/merkle/hash';
import { inclusionRanges } from '@postern/server/audit/merkle/ranges';
import { view } from '@postern/server/audit/stored-entry';
import { verifyProof } from '../../../server/console/src/screens/audit-entry/verify-proof.ts';

const origin = 'localhost:1/audit/chain';
const signer = noteSigner(Buffer.alloc(32, 7), origin);
const stranger = noteSigner(Buffer.alloc(32, 8), origin);

/** A log of so many entries, the proof of one of them by the server's code, and what the page shows of it. */
function proven(size: number, seq: number, withText = true) {
  const rows: ReturnType<typeof chainEvent>[] = [];
  let head = { seq: 0, hash: 'chain' };
  for (let index = 1; index <= size; index += 1) {
    const chained = chainEvent(
      head,
      {
        at: 1_790_000_000_000 + index,
        type: 'policy.published',
        outcome: 'success',
        actor: { kind: 'person', id: 'usr_1' },
        subject: index % 2 === 0 ? null : { kind: 'policy', id: 'baseline' },
        data: { version: index, nested: { list: [1, 'ä', null] } },
        ...(withText ? { text: `because ${index}` } : {}),
      },
      () => 'salt_1',
    );
    rows.push(chained);
    ({ head } = chained);
  }
  const rootOf = (from: number, to: number) => {
    const tree = new CompactRange();
    for (const { row } of rows.slice(from, to)) tree.append(hashLeaf(row.entry));
    return tree.root();
  };
  const { row, text } = rows[seq - 1] ?? assert.fail();
  const checkpoint = signCheckpoint(signer, { origin, size, root: rootOf(0, size) });
  const proof = inclusionRanges(seq - 1, size).map(({ start, end }) => rootOf(start, end).toString('base64'));
  const said = text === null ? null : { salt: text.salt, text: text.text };
  return {
    shown: view({ ...row, text: text?.text ?? null }),
    answer: { seq, entry: row.entry, proof, size, checkpoint, text: said },
  };
}

const sizeAndSeq = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.record({ size: fc.constant(size), seq: fc.integer({ min: 1, max: size }) }));

test('the browser verifies every proof that the server makes', async () => {
  await fc.assert(
    fc.asyncProperty(sizeAndSeq, fc.boolean(), async ({ size, seq }, withText) => {
      const { shown, answer } = proven(size, seq, withText);
      const result = await verifyProof(shown, answer, signer.vkey);
      assert.deepEqual([result.verdict, result.steps.text], ['verified', withText ? 'holds' : 'none']);
      assert.equal(result.leaf, hashLeaf(answer.entry).toString('hex'));
      assert.equal(result.keyId, signer.id.toString('hex'));
    }),
    { numRuns: 120 },
  );
});

/** The same text with one character replaced by another one. */
const changed = (text: string, place: number) => {
  const at = place % text.length;
  return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
};

test('one changed character anywhere in what the server gave is found', async () => {
  const parts = ['entry', 'checkpoint', 'text', 'salt', 'proof', 'size', 'seq'] as const;
  await fc.assert(
    fc.asyncProperty(sizeAndSeq, fc.constantFrom(...parts), fc.nat(10_000), async ({ size, seq }, part, place) => {
      const { shown, answer } = proven(size, seq);
      const { text, proof } = answer;
      assert.ok(text !== null);
      const tampered = {
        entry: () => ({ ...answer, entry: changed(answer.entry, place) }),
        checkpoint: () => ({ ...answer, checkpoint: changed(answer.checkpoint, place) }),
        text: () => ({ ...answer, text: { ...text, text: changed(text.text, place) } }),
        salt: () => ({ ...answer, text: { ...text, salt: changed(text.salt, place) } }),
        proof: () => ({
          ...answer,
          proof:
            proof.length === 0
              ? ['AAAA']
              : proof.map((hash, index) => (index === place % proof.length ? changed(hash, place) : hash)),
        }),
        size: () => ({ ...answer, size: size + 1 + (place % 5) }),
        seq: () => ({ ...answer, seq: seq + 1 + (place % 5) }),
      }[part]();
      assert.notEqual((await verifyProof(shown, tampered, signer.vkey)).verdict, 'verified');
    }),
    { numRuns: 400 },
  );
});

test('one changed fact on the page is found, although the proof itself is whole', async () => {
  const { shown, answer } = proven(9, 4);
  for (const lie of [
    { ...shown, actor: { kind: 'person', id: 'usr_2' } },
    { ...shown, type: 'policy.retired' },
    { ...shown, outcome: 'failure' },
    { ...shown, at: '2026-09-21T08:00:00.000Z' },
    { ...shown, data: { ...shown.data, version: 5 } },
    { ...shown, data: { ...shown.data, more: true } },
    { ...shown, subject: { kind: 'policy', id: 'baseline' } },
    { ...shown, hash: shown.previousHash },
    { ...shown, seq: 5 },
  ]) {
    const { steps, verdict } = await verifyProof(lie, answer, signer.vkey);
    assert.deepEqual([verdict, steps.shown, steps.path, steps.signature], ['not-verified', 'fails', 'holds', 'holds']);
  }
  const { steps } = await verifyProof({ ...shown, text: 'something else' }, answer, signer.vkey);
  assert.deepEqual([steps.text, steps.shown], ['fails', 'holds']);
});

test('an erased text is no fault; one that is shown and not proven is', async () => {
  const { shown, answer } = proven(5, 5);
  const erased = await verifyProof({ ...shown, text: null }, { ...answer, text: null }, signer.vkey);
  assert.deepEqual([erased.verdict, erased.steps.text], ['verified', 'none']);
  const unproven = await verifyProof(shown, { ...answer, text: null }, signer.vkey);
  assert.deepEqual([unproven.verdict, unproven.steps.text], ['not-verified', 'fails']);
});

test('a checkpoint that another key signed, or of another log, is none', async () => {
  const { shown, answer } = proven(6, 2);
  const { size } = answer;
  const root = Buffer.from(answer.checkpoint.split('\n')[2] ?? '', 'base64');
  const forged = signCheckpoint(stranger, { origin, size, root });
  const byStranger = await verifyProof(shown, { ...answer, checkpoint: forged }, signer.vkey);
  assert.deepEqual(
    [byStranger.verdict, byStranger.steps.path, byStranger.steps.signature],
    ['not-verified', 'holds', 'fails'],
  );
  const elsewhere = signCheckpoint(noteSigner(Buffer.alloc(32, 7), 'other'), { origin: 'other', size, root });
  assert.equal((await verifyProof(shown, { ...answer, checkpoint: elsewhere }, signer.vkey)).steps.signature, 'fails');
  for (const vkey of ['', 'x', stranger.vkey, changed(signer.vkey, signer.vkey.length - 3)])
    assert.equal((await verifyProof(shown, answer, vkey)).steps.signature, 'fails', vkey);
});
