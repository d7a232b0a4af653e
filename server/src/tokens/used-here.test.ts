import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hour, minute } from '@postern/shared/time';
import { systemRandom } from '../random.ts';
import { createOwnNonces, nonceLifeMs } from './nonces.ts';
import { start } from './testing/token-service.ts';
import { createUsedHere } from './used-here.ts';

describe('what is used up in this process', () => {
  it('counts once for as long as it has to be remembered, whatever comes in between and however clocks move', () => {
    const uses = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), at: fc.nat(20 * minute) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(uses, (asked) => {
        const here = createUsedHere(5 * minute);
        const first = new Map<string, number>();
        let latest = 0;
        for (const { key, at } of asked) {
          latest = Math.max(latest, at);
          const before = first.get(key);
          const isNew = here.use(key, at);
          if (before !== undefined && latest - before < 5 * minute) assert.equal(isNew, false, `${key} at ${at}`);
          if (isNew) first.set(key, at);
        }
      }),
    );
  });

  it('is forgotten after that, so that memory has a bound', () => {
    const here = createUsedHere(5 * minute);
    assert.equal(here.use('a', 0), true);
    assert.equal(here.use('a', 5 * minute), false);
    assert.equal(here.use('a', 7 * minute), true);
  });
});

describe('nonces of one process', () => {
  it('are good in it for five minutes, and nowhere else', () => {
    const nonces = createOwnNonces(systemRandom);
    const nonce = nonces.issue(start);
    assert.equal(nonces.check(nonce, start + nonceLifeMs - 1), 'fresh');
    assert.equal(nonces.check(nonce, start + nonceLifeMs), 'stale');
    assert.equal(
      createOwnNonces(systemRandom).check(nonce, start),
      'unknown',
      'another process, or this one restarted',
    );
  });

  it('end when the clock is set back: what was used with them may be forgotten', () => {
    const nonces = createOwnNonces(systemRandom);
    const nonce = nonces.issue(start);
    assert.equal(nonces.check(nonce, start + hour), 'stale');
    assert.equal(nonces.check(nonce, start), 'unknown');
    assert.equal(nonces.check(nonces.issue(start), start), 'fresh');
  });
});
