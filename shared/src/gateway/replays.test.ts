import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { memoryReplayStore } from './replays.ts';

describe('the store of used proofs in memory', () => {
  it('takes a use once until it has ended, and each key for itself', () => {
    const store = memoryReplayStore();
    const use = { jkt: 'a', jti: '1', until: 10_000 };
    assert.equal(store.claim(use, 0), true);
    assert.equal(store.claim(use, 9_999), false);
    assert.equal(store.claim({ ...use, jkt: 'b' }, 0), true);
    assert.equal(store.claim({ ...use, jti: '2' }, 0), true);
  });

  it('refuses when it is full, and forgets nothing for a newcomer', () => {
    const store = memoryReplayStore({ most: 2, mostPerKey: 2 });
    const use = (jti: string) => ({ jkt: 'a', jti, until: 10_000 });
    store.claim(use('1'), 0);
    store.claim(use('2'), 0);
    assert.throws(() => store.claim(use('3'), 0), /full/);
    assert.equal(store.claim(use('1'), 0), false);
    assert.equal(store.claim({ ...use('3'), until: 30_000 }, 20_000), true, 'there is room again');
  });

  it('lets no key take the room of others', () => {
    const store = memoryReplayStore({ most: 100, mostPerKey: 1 });
    assert.equal(store.claim({ jkt: 'a', jti: '1', until: 10_000 }, 0), true);
    assert.throws(() => store.claim({ jkt: 'a', jti: '2', until: 10_000 }, 0), /full/);
    assert.equal(store.claim({ jkt: 'b', jti: '1', until: 10_000 }, 0), true);
    assert.equal(store.claim({ jkt: 'a', jti: '2', until: 40_000 }, 20_000), true);
  });

  it('never takes a use twice before it has ended, in whatever order uses come', () => {
    const step = fc.record({ jti: fc.constantFrom('1', '2', '3'), lifeMs: fc.nat(60_000), waitMs: fc.nat(20_000) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const store = memoryReplayStore();
        const ends = new Map<string, number>();
        let now = 0;
        for (const { jti, lifeMs, waitMs } of steps) {
          now += waitMs;
          const taken = store.claim({ jkt: 'a', jti, until: now + lifeMs }, now);
          if (taken) {
            assert.ok((ends.get(jti) ?? 0) <= now);
            ends.set(jti, now + lifeMs);
          }
        }
      }),
    );
  });
});
