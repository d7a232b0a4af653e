import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { minute } from '@postern/shared/time';
import { kept } from './kept.ts';

/** Work that takes ten milliseconds of a clock, or until it is let go. */
function openWork(isDear: boolean) {
  const work = { runs: 0, fails: false, now: 0, held: undefined as Promise<void> | undefined };
  const { ask } = kept(
    {
      async run() {
        work.runs += 1;
        const run = work.runs;
        work.now += 10;
        await work.held;
        if (work.fails) throw new Error('no');
        return run;
      },
      isDear: () => isDear,
    },
    () => work.now,
  );
  return { work, ask: async (now = 0) => (await ask(now)).result };
}

describe('what is worked out for all who ask', () => {
  test('is worked out once for all who ask meanwhile', async () => {
    const { ask } = openWork(false);
    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1]);
  });

  test('is as new as can be where it costs little', async () => {
    const { ask } = openWork(false);
    assert.equal(await ask(), 1);
    assert.equal(await ask(), 2);
  });

  test('is good for twenty times as long as it took', async () => {
    const { work, ask } = openWork(true);
    assert.equal(await ask(), 1);
    work.now = 209;
    assert.equal(await ask(), 1);
    work.now = 210;
    assert.equal(await ask(), 2);
  });

  test('is told for two minutes while it is worked out anew, and not for longer', async () => {
    const { work, ask } = openWork(true);
    assert.equal(await ask(), 1);
    work.now = minute;
    const { promise, resolve } = Promise.withResolvers<void>();
    work.held = promise;
    assert.equal(await ask(), 1);
    work.now = 3 * minute;
    const waiting = ask();
    resolve();
    assert.equal(await waiting, 2);
  });

  test('says when it was worked out', async () => {
    let real = 0;
    const run = async () => {
      real += 10;
      return 'all';
    };
    const { ask } = kept({ run, isDear: () => true }, () => real);
    assert.deepEqual(await ask(7), { result: 'all', at: 7 });
    assert.deepEqual(await ask(8), { result: 'all', at: 7 });
  });

  test('that failed is tried again at once, and fails nobody who can be told an older one', async () => {
    const { work, ask } = openWork(true);
    work.fails = true;
    await assert.rejects(ask());
    work.fails = false;
    assert.equal(await ask(), 2);
    work.now = 1000;
    work.fails = true;
    assert.equal(await ask(), 2);
    assert.equal(work.runs, 3);
  });

  test('is told at once while it is worked out anew where that is known to take long', async () => {
    const { work, ask } = openWork(true);
    const slow = Promise.withResolvers<void>();
    work.held = slow.promise;
    const first = ask();
    work.now = 5000;
    slow.resolve();
    assert.equal(await first, 1);
    work.now += 5000 * 20;
    work.held = new Promise(() => undefined);
    assert.equal(await ask(), 1);
    assert.equal(work.runs, 2);
  });

  test('is done at leisure while nobody waits for it, and at once for somebody who does', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const portions: number[] = [];
    const { ask, renew } = kept({
      async run(now, pause) {
        for (let portion = 0; portion < 2; portion += 1) {
          const begun = performance.now();
          while (performance.now() - begun < 5);
          await pause();
        }
        portions.push(now);
      },
      isDear: () => false,
    });
    await ask(1);
    assert.deepEqual(portions, [1]);
    const renewing = renew(2);
    for (let turns = 0; turns < 10; turns += 1) await turn();
    assert.deepEqual(portions, [1]);
    t.mock.timers.tick(1000);
    const asking = ask(3);
    await renewing;
    assert.equal((await asking).at, 2);
    assert.deepEqual(portions, [1, 2]);
  });
});
