import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import { createPasswordHashes } from './hash.ts';

const master = Buffer.alloc(32, 7).toString('base64url');
const hashes = createPasswordHashes(master);

describe('the hash of a password', () => {
  test('is Argon2id in PHC form with the costs that OWASP names, and another one each time', async () => {
    const [one, two] = [await hashes.hash('correct-battery-horse'), await hashes.hash('correct-battery-horse')];
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(one, two);
    assert.equal(hashes.isOutdated(one), false);
  });

  test('matches what it was made of, also written with other code points, and nothing else', async () => {
    const stored = await hashes.hash('caf\u00e9 ohne zucker');
    assert.equal(await hashes.matches('cafe\u0301 ohne zucker', stored), true);
    for (const other of ['cafe ohne zucker', 'caf\u00e9 ohne zucker ', '', stored])
      assert.equal(await hashes.matches(other, stored), false, other);
    assert.equal(await hashes.matches('anything', await hashes.nobodys()), false);
  });

  test('is worth nothing without the master secret', async () => {
    const elsewhere = createPasswordHashes(Buffer.alloc(32, 8).toString('base64url'));
    assert.equal(await elsewhere.matches('correct-battery-horse', await hashes.hash('correct-battery-horse')), false);
  });

  test('that is damaged, or of another kind, matches nothing and is outdated', async () => {
    const stored = await hashes.hash('correct-battery-horse');
    for (const bad of [
      '',
      'x',
      stored.replace('argon2id', 'argon2i'),
      stored.slice(0, -1),
      stored.replace('v=19', 'v=16'),
    ]) {
      assert.equal(await hashes.matches('correct-battery-horse', bad), false, bad);
      assert.equal(hashes.isOutdated(bad), true, bad);
    }
    assert.equal(hashes.isOutdated(stored.replace('t=2', 't=1')), true);
  });

  test('is not made for more people at once than there is room for', async () => {
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => hashes.hash('correct-battery-horse')));
    const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    assert.equal(refused.length, 60 - 42);
    assert.ok(refused.every((each) => each instanceof Fault && each.code === 'unavailable'));
    assert.ok((await hashes.hash('x')).startsWith('$argon2id$'), 'and there is room again');
  });
});
