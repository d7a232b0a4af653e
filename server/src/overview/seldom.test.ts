import assert from 'node:assert/strict';
import test from 'node:test';
import { seldom } from './seldom.ts';

test('what took a while is good for nine times as long; what failed is tried again at once', async () => {
  let now = 0;
  let runs = 0;
  let fails = false;
  const ask = seldom(
    async () => {
      runs += 1;
      now += 10;
      if (fails) throw new Error('no');
      return runs;
    },
    () => now,
  );
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1]);
  now = 99;
  assert.equal(await ask(), 1);
  now = 100;
  fails = true;
  await assert.rejects(ask());
  fails = false;
  assert.equal(await ask(), 3);
});
