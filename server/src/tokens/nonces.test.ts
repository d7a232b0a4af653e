import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { minute } from '@postern/shared/time';
import { createNonces, nonceLifeMs } from './nonces.ts';
import { masterSecret, start } from './testing/token-service.ts';

const nonces = createNonces(masterSecret);

describe('a nonce', () => {
  it('is fresh for five minutes, on every node that has the master secret', () => {
    const nonce = nonces.issue(start);
    const otherNode = createNonces(masterSecret);
    assert.equal(otherNode.check(nonce, start), 'fresh');
    assert.equal(otherNode.check(nonce, start + nonceLifeMs - 1), 'fresh');
    assert.equal(otherNode.check(nonce, start + nonceLifeMs), 'stale');
  });

  it('is the same for everybody within a second', () => {
    assert.equal(nonces.issue(start + 999), nonces.issue(start));
    assert.notEqual(nonces.issue(start + 1000), nonces.issue(start));
  });

  it('is unknown when it comes from the future or from another secret', () => {
    // The clock of the node that issued it may be a minute ahead of this one's, not more.
    assert.equal(nonces.check(nonces.issue(start + minute), start), 'fresh');
    assert.equal(nonces.check(nonces.issue(start + minute + 1000), start), 'unknown');
    const stranger = createNonces(Buffer.alloc(32, 8).toString('base64url'));
    assert.equal(nonces.check(stranger.issue(start), start), 'unknown');
  });

  it('is unknown when any of its characters is another', () => {
    const nonce = nonces.issue(start);
    const text = fc.tuple(
      fc.nat(nonce.length - 1),
      fc.constantFrom('A', 'a', 'B', 'b', 'Z', 'z', '0', '9', '-', '_', '.', '=', ' '),
    );
    fc.assert(
      fc.property(text, ([at, character]) => {
        const changed = nonce.slice(0, at) + character + nonce.slice(at + 1);
        assert.equal(nonces.check(changed, start + minute), changed === nonce ? 'fresh' : 'unknown');
      }),
    );
  });

  it('is unknown when only the stray bits of its last character differ', () => {
    const nonce = nonces.issue(start);
    const bytes = Buffer.from(nonce, 'base64url');
    const alphabet = Array.from({ length: 64 }, (_, index) =>
      Buffer.from([index << 2])
        .toString('base64url')
        .slice(0, 1),
    );
    const twins = alphabet
      .map((character) => nonce.slice(0, -1) + character)
      .filter((text) => text !== nonce && Buffer.from(text, 'base64url').equals(bytes));
    assert.equal(twins.length, 3);
    for (const twin of twins) assert.equal(nonces.check(twin, start), 'unknown');
  });

  it('is unknown when it is any text', () => {
    fc.assert(fc.property(fc.string(), (text) => nonces.check(text, start) === 'unknown'));
  });

  it('is not made from a short secret', () => {
    assert.throws(() => createNonces('c2hvcnQ'), /at least 32 bytes/);
  });
});
