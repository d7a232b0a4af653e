import assert from 'node:assert/strict';
import test from 'node:test';
import { type Change, deleteAny, insert, updateAny, updateOne } from '../change.ts';
import { nextBatch } from './batches.ts';

const unit = (...changes: Change[]) => ({ changes, audit: [] });
const taken = (key: string) => insert('replays', { key, expires_at: 1 });
const raised = (id: string, epoch: number) =>
  updateOne('devices', { id, exception_epoch: epoch }, { exception_epoch: epoch + 1 });

test('units on different rows are one statement', () => {
  assert.deepEqual(nextBatch([unit(taken('a'), raised('d1', 0)), unit(taken('b'), raised('d2', 0)), unit()]), {
    hot: true,
    length: 3,
  });
});

test('the second unit on a row waits for the next statement, and so does all that came after it', () => {
  assert.deepEqual(nextBatch([unit(raised('d1', 0)), unit(raised('d1', 1)), unit(taken('a'))]), {
    hot: true,
    length: 1,
  });
  assert.deepEqual(nextBatch([unit(taken('a')), unit(taken('b')), unit(taken('a'))]), { hot: true, length: 2 });
});

test('what could touch any number of rows, or a row that its key does not name, takes an ordinary transaction', () => {
  const cold = [
    unit(deleteAny('replays', { expires_at: { lte: 5 } })),
    unit(updateAny('replays', { key: 'a' }, { expires_at: 2 })),
    unit(updateOne('devices', { jkt: 'j' }, { name: 'n' })),
    unit(updateOne('replays', { key: 'a' }, { key: 'b' })),
    unit(taken('a'), updateOne('replays', { key: 'a' }, { expires_at: 2 })),
  ];
  for (const each of cold) assert.deepEqual(nextBatch([each, unit(taken('z'))]), { hot: false, length: 1 });
  assert.deepEqual(nextBatch(cold), { hot: false, length: cold.length });
  assert.deepEqual(nextBatch([unit(taken('z')), ...cold]), { hot: true, length: 1 });
});
