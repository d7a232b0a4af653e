import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fetchFeed } from './fetch-feed.ts';

/** A network in which each address answers as a test says. */
function network(answers: Readonly<Record<string, () => Response>>) {
  const asked: string[] = [];
  const ask = async (input: string | URL | Request, init?: RequestInit) => {
    const url = new Request(input).url;
    asked.push(url);
    assert.equal(init?.redirect, 'manual');
    assert.ok(init?.signal, 'it must not take for ever');
    return answers[url]?.() ?? new Response('nothing here', { status: 404 });
  };
  return { asked, ask };
}

const to = (location: string) => () => new Response(null, { status: 302, headers: { location } });

test('an address is fetched, and followed on its own host', async () => {
  const { ask, asked } = network({
    'https://feeds.example/a': to('/b'),
    'https://feeds.example/b': () => new Response('a.b.c'),
  });
  assert.equal(await fetchFeed('https://feeds.example/a', ask), 'a.b.c');
  assert.deepEqual(asked, ['https://feeds.example/a', 'https://feeds.example/b']);
});

test('nobody is sent to another host, another port, plain http, or round in circles', async () => {
  for (const place of [
    'https://other.example/',
    'https://feeds.example:8443/',
    'http://feeds.example/',
    '//other.example/',
    '::',
  ]) {
    const { ask, asked } = network({ 'https://feeds.example/a': to(place) });
    await assert.rejects(fetchFeed('https://feeds.example/a', ask), /another place|answered/, place);
    assert.ok(
      asked.every((url) => url.startsWith('https://feeds.example/')),
      place,
    );
  }
  const { ask, asked } = network({ 'https://feeds.example/a': to('/a') });
  await assert.rejects(fetchFeed('https://feeds.example/a', ask), /too often/);
  assert.equal(asked.length, 4);
});

test('what is larger than a feed can be is not read to its end', async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 1;
      controller.enqueue(new Uint8Array(100_000));
    },
  });
  const { ask } = network({ 'https://feeds.example/a': () => new Response(endless) });
  await assert.rejects(fetchFeed('https://feeds.example/a', ask), /too large/);
  assert.ok(sent < 30, `${sent} pieces were taken`);
});

test('plain http, other schemes and errors are refused with a sentence', async () => {
  const { ask, asked } = network({});
  for (const from of ['http://feeds.example/a', 'ftp://feeds.example/a', 'file:///etc/passwd'])
    await assert.rejects(fetchFeed(from, ask), /must be an https address or a file/);
  assert.deepEqual(asked, []);
  await assert.rejects(fetchFeed('https://feeds.example/absent', ask), /feeds\.example answered 404/);
});

test('a file is read, up to the same size', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-feed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'feed.jwt');
  writeFileSync(file, 'a.b.c');
  const { ask, asked } = network({});
  assert.equal(await fetchFeed(file, ask), 'a.b.c');
  writeFileSync(file, 'x'.repeat(1_400_001));
  await assert.rejects(fetchFeed(file, ask), /too large/);
  await assert.rejects(fetchFeed(path.join(folder, 'absent'), ask), /ENOENT/);
  assert.deepEqual(asked, []);
});
