import assert from 'node:assert/strict';
import { test } from 'node:test';
import { twoHistories } from './two-histories.ts';

const receivedAt = '2026-11-21T09:00:00.000Z';
const accepted = (seq: number, prev: string | null) => ({
  seq,
  hash: `a${seq}`,
  prev,
  receivedAt,
  remoteAddress: null,
});
const refused = (seq: number, prev: string | null, hash = `r${seq}`) => ({
  seq,
  hash,
  prev,
  receivedAt,
  remoteAddress: '192.0.2.7',
  cause: 'forked',
});

const five = [5, 4, 3, 2, 1].map((seq) => accepted(seq, seq === 1 ? null : `a${seq - 1}`));

test('two histories part after the last report that the refused one follows', () => {
  const { rows, agreedUpTo } = twoHistories(five, [refused(5, 'r4'), refused(4, 'a3')]);
  assert.equal(agreedUpTo, 3);
  assert.deepEqual(
    rows.map(({ seq, parts, refused: other }) => [seq, parts, other.length]),
    [
      [5, false, 1],
      [4, true, 1],
      [3, false, 0],
      [2, false, 0],
      [1, false, 0],
    ],
  );
});

test('a copy from the very beginning parts before the first report', () => {
  assert.equal(twoHistories(five, [refused(1, null)]).agreedUpTo, 0);
});

test('where they part is not guessed when the report before it is not kept', () => {
  assert.equal(twoHistories(five, [refused(9, 'gone')]).agreedUpTo, undefined);
});

test('the true device, refused because of its quarantine, does not move where they part', () => {
  assert.equal(twoHistories(five, [refused(6, 'a5'), refused(4, 'a3')]).agreedUpTo, 3);
});

test('a long history before them is left out', () => {
  const many = Array.from({ length: 50 }, (_, index) => accepted(50 - index, `a${49 - index}`));
  const { rows } = twoHistories(many, [refused(50, 'a49')]);
  assert.deepEqual(
    rows.map(({ seq }) => seq),
    [50, 49, 48, 47],
  );
});
