import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { day, toTimestamp } from '@postern/shared/time';
import { aFeed } from '../releases/testing/feeds.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

/** Issued an hour ago by the real clock, which commands go by. */
function feedOfToday(sequence: number): string {
  const now = Date.now();
  return JSON.stringify(
    aFeed({ sequence, issuedAt: toTimestamp(now - 3_600_000), staleAfter: toTimestamp(now + 30 * day) }),
  );
}

test('an organisation makes a key, signs its own feed, checks it and takes it into use', async (t) => {
  const folder = newFolder(t);
  const file = (name: string) => path.join(folder, name);
  const run = commandLine(t, { POSTERN_FEED_KEYS: file('keys.json') });
  const offline = commandLine(t, { POSTERN_DATABASE_URL: 'postgres://127.0.0.1:1/none' });

  const made = await offline('feed', 'keygen', '--private', file('key.jwk'), '--public', file('keys.json'), '--json');
  assert.equal(made.code, 0, made.err);
  assert.equal(statSync(file('key.jwk')).mode & 0o777, 0o600);
  assert.ok(
    !made.out.includes(String(parsed(readFileSync(file('key.jwk'), 'utf8')).d)),
    'the private key is not printed',
  );
  assert.ok(!readFileSync(file('keys.json'), 'utf8').includes('"d"'));

  writeFileSync(file('feed.json'), feedOfToday(9_000_000_001));
  const signed = await offline('feed', 'sign', file('feed.json'), '--key', file('key.jwk'), '--out', file('feed.jwt'));
  assert.equal(signed.code, 0, signed.err);
  const verified = await offline('feed', 'verify', file('feed.jwt'), '--keys', file('keys.json'), '--json');
  assert.deepEqual([verified.code, parsed(verified.out).sequence], [0, 9_000_000_001]);

  assert.equal(parsed((await run('feed', 'show', '--json')).out).origin, 'bundled');
  const imported = await run('feed', 'import', file('feed.jwt'), '--json');
  assert.equal(imported.code, 0, imported.err);
  const shown = parsed((await run('feed', 'show', '--json')).out);
  assert.deepEqual([shown.origin, shown.sequence, shown.keyId], ['imported', 9_000_000_001, parsed(made.out).keyId]);
  const again = await run('feed', 'import', file('feed.jwt'), '--json');
  assert.deepEqual([again.code, parsed(again.out).error_code], [1, 'feed_outdated']);
});

test('a key is never written over another one', async (t) => {
  const folder = newFolder(t);
  const run = commandLine(t);
  const file = path.join(folder, 'key.jwk');
  assert.equal((await run('feed', 'keygen', '--private', file)).code, 0);
  const before = readFileSync(file, 'utf8');
  const { code, err } = await run('feed', 'keygen', '--private', file);
  assert.equal(code, 1);
  assert.match(err, /is there already/);
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('a feed with mistakes is not signed, and every mistake is told with its place', async (t) => {
  const folder = newFolder(t);
  const run = commandLine(t);
  const file = (name: string) => path.join(folder, name);
  await run('feed', 'keygen', '--private', file('key.jwk'), '--public', file('keys.json'));
  writeFileSync(
    file('feed.json'),
    feedOfToday(1).replace('"sequence":1', '"sequence":"one"').replace('"2026-07-11"', '"soon"'),
  );
  const { code, err } = await run(
    'feed',
    'sign',
    file('feed.json'),
    '--key',
    file('key.jwk'),
    '--out',
    file('out.jwt'),
  );
  assert.equal(code, 1);
  assert.match(err, /feed\.sequence[^]*feed\.systems\.0\.releases\.0\.supportEndsOn/);
  assert.ok(!existsSync(file('out.jwt')));
  assert.equal(
    (await run('feed', 'sign', file('feed.json'), '--key', file('keys.json'))).code,
    1,
    'a public key signs nothing',
  );
});

test('verify writes nothing and refuses what it should; help shows examples', async (t) => {
  const data = path.join(newFolder(t), 'data');
  const run = commandLine(t, {}, data);
  const file = path.join(newFolder(t), 'feed.jwt');
  writeFileSync(file, 'a.b.c');
  assert.equal((await run('feed', 'verify', file)).code, 1, 'no keys were declared');
  assert.equal((await run('feed', 'verify', path.join(data, 'absent'), '--keys', file)).code, 1);
  assert.ok(!existsSync(path.join(data, 'postern.db')));
  for (const command of ['show', 'verify', 'import', 'sign', 'keygen'])
    assert.match((await run('feed', command, '--help')).out, /Example:/, command);
  assert.equal((await run('feed', 'sign', file)).code, 2);
});
