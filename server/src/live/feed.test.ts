import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFeed } from './feed.ts';

function opened() {
  const ends = { begun: 0, ended: 0 };
  const feed = createFeed(
    () => (ends.begun += 1),
    () => (ends.ended += 1),
  );
  const reader = feed.lines[Symbol.asyncIterator]();
  const next = async () => (await reader.next()).value as string | undefined;
  return { feed, reader, next, ends };
}

const changed = (change: object) => `event: changed\ndata: ${JSON.stringify(change)}\n\n`;

describe('a feed', () => {
  test('greets, tells at once, and keeps what comes in a row together', async () => {
    const { feed, next } = opened();
    assert.match((await next()) ?? '', /^retry: 3000\n/);
    const told = next();
    feed.tell({ topic: 'devices', id: 'dev_1' });
    feed.tell({ topic: 'devices', id: 'dev_1' });
    feed.tell({ topic: 'reviews' });
    assert.equal(await told, changed({ topic: 'devices', id: 'dev_1' }) + changed({ topic: 'reviews' }));
  });

  test('that nobody reads holds one sentence a topic, however much happens', async () => {
    const { feed, next } = opened();
    await next();
    for (let count = 0; count < 10_000; count += 1) feed.tell({ topic: 'devices', id: `dev_${count}` });
    assert.equal(await next(), changed({ topic: 'devices' }));
  });

  test('ends for whoever waits, at once, and once', async () => {
    const { feed, next, ends } = opened();
    await next();
    const waiting = next();
    feed.end();
    feed.end();
    assert.equal(await waiting, undefined);
    assert.equal(await next(), undefined);
    assert.deepEqual(ends, { begun: 1, ended: 1 });
    assert.equal(feed.broken.aborted, false);
  });

  test('that is left by its reader in the middle of waiting is over', async () => {
    const { reader, next, ends } = opened();
    await next();
    const waiting = next();
    await reader.return?.();
    assert.equal(await waiting, undefined);
    assert.equal(ends.ended, 1);
  });

  test('whose reader takes nothing any more breaks off with the second sign of life, and with the end', async () => {
    const slow = opened();
    await slow.next();
    slow.feed.keepAlive();
    assert.equal(slow.feed.broken.aborted, false);
    slow.feed.keepAlive();
    assert.equal(slow.feed.broken.aborted, true);
    assert.equal(slow.ends.ended, 1);
    const ended = opened();
    await ended.next();
    ended.feed.end();
    assert.equal(ended.feed.broken.aborted, true);
  });

  test('shows that it is there when nothing happens', async () => {
    const { feed, next } = opened();
    await next();
    for (let count = 0; count < 3; count += 1) {
      const alive = next();
      feed.keepAlive();
      assert.equal(await alive, ': here\n\n');
    }
    assert.equal(feed.broken.aborted, false);
  });

  test('that nobody begins to read is registered nowhere', () => {
    let begun = 0;
    createFeed(
      () => (begun += 1),
      () => undefined,
    );
    assert.equal(begun, 0);
  });
});
