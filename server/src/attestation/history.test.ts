import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { freshStartHash } from '../devices/fresh-start.ts';
import { type Classification, classify } from './history.ts';

describe('an attestation in the history of its device', () => {
  const last = { seq: 7, hash: 'h7' };
  const cases: [string, Parameters<typeof classify>, Classification][] = [
    ['is next when it is the first and names none before it', [null, { seq: 1, hash: 'a', prev: null }], 'next'],
    ['is next when it is the first with any number', [null, { seq: 40, hash: 'a', prev: null }], 'next'],
    ['is a fork when it is the first here and names one before it', [null, { seq: 2, hash: 'a', prev: 'b' }], 'forked'],
    ['is next when it rises and names the last one', [last, { seq: 8, hash: 'h8', prev: 'h7' }], 'next'],
    ['is next when it skips numbers', [last, { seq: 80, hash: 'h', prev: 'h7' }], 'next'],
    ['is a replay when it is the last one again', [last, { seq: 7, hash: 'h7', prev: 'h6' }], 'replayed'],
    ['is a replay when it is an older one again', [last, { seq: 3, hash: 'h3', prev: 'h2' }, ['h3']], 'replayed'],
    [
      'is rolled back when it says something else under an old number',
      [last, { seq: 3, hash: 'x', prev: 'h2' }, ['h3']],
      'rolled-back',
    ],
    [
      'is rolled back when it says something else under the last number',
      [last, { seq: 7, hash: 'x', prev: 'h6' }, ['h7']],
      'rolled-back',
    ],
    ['is a fork when it rises and names another', [last, { seq: 8, hash: 'x', prev: 'h6' }], 'forked'],
    ['is a fork when it rises and names none', [last, { seq: 8, hash: 'x', prev: null }], 'forked'],
    [
      'is next after a release, whatever it names',
      [
        { seq: 7, hash: freshStartHash },
        { seq: 8, hash: 'x', prev: 'y' },
      ],
      'next',
    ],
    [
      'is rolled back after a release when it does not rise',
      [
        { seq: 7, hash: freshStartHash },
        { seq: 7, hash: 'x', prev: 'y' },
      ],
      'rolled-back',
    ],
  ];
  for (const [name, given, expected] of cases) it(name, () => assert.equal(classify(...given), expected));

  it('is classified as a model says that remembers everything, over any history', () => {
    interface Doc {
      seq: number;
      hash: string;
      prev: string | null;
    }
    // A naive machine room: branches of signers with one key, each of which may sign, be copied, be set back, or resend.
    const step = fc.record({
      act: fc.constantFrom('sign', 'sign', 'sign', 'copy', 'set-back', 'resend'),
      who: fc.nat(5),
      what: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const branches: Doc[][] = [[]];
        const accepted: Doc[] = [];
        let signed = 0;
        for (const { act, who, what } of steps) {
          const index = who % branches.length;
          const branch = branches[index] ?? [];
          if (act === 'copy') {
            branches.push([...branch]);
            continue;
          }
          if (act === 'set-back') {
            branches[index] = branch.slice(0, what % (branch.length + 1));
            continue;
          }
          let doc: Doc;
          if (act === 'resend') {
            if (accepted.length === 0) continue;
            doc = accepted[what % accepted.length]!;
          } else {
            signed += 1;
            doc = {
              seq: (branch.at(-1)?.seq ?? 0) + 1 + (what % 2),
              hash: `h${signed}`,
              prev: branch.at(-1)?.hash ?? null,
            };
            branches[index] = [...branch, doc];
          }
          const last = accepted.at(-1);
          const model: Classification = accepted.some((each) => each.hash === doc.hash)
            ? 'replayed'
            : last === undefined
              ? doc.prev === null
                ? 'next'
                : 'forked'
              : accepted.some((each) => each.seq >= doc.seq)
                ? 'rolled-back'
                : doc.prev === last.hash
                  ? 'next'
                  : 'forked';
          const known = accepted.filter((each) => each.seq === doc.seq).map((each) => each.hash);
          assert.equal(classify(last ?? null, doc, known), model);
          // The hot path knows only the last one: it may never accept what the whole memory refuses.
          assert.equal(classify(last ?? null, doc) === 'next', model === 'next');
          if (model === 'next') accepted.push(doc);
        }
      }),
    );
  });
});
