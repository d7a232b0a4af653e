import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { Fault } from '@postern/shared/protocol/errors';
import { hour, toTimestamp } from '@postern/shared/time';
import { readFeedKeys } from './feed-keys.ts';
import { openFeed } from './open-feed.ts';
import { readFeed } from './read-feed.ts';
import { aFeed, aPublisher, noon } from './testing/feeds.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-feed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function given(t: TestContext) {
  const publisher = await aPublisher(folderOf(t));
  const keys = await readFeedKeys(publisher.keysFile);
  const forge = (header: Record<string, unknown>, payload: unknown = aFeed()) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'postern-feed+jwt', kid: publisher.kid, ...header })
      .sign(publisher.key.key);
  return { publisher, keys, forge, open: (jws: string, now = noon) => openFeed(jws, keys, now) };
}

const refused = (code: string, where?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault);
  assert.equal(error.code, code);
  if (where !== undefined) assert.match(JSON.stringify(error.details), where);
  return true;
};

test('a feed that a declared key signed is opened, with a line end after it too', async (t) => {
  const { publisher, open } = await given(t);
  const { feed, keyId } = await open(`${await publisher.sign(aFeed())}\n`);
  assert.deepEqual([feed.sequence, keyId], [2026112001, publisher.kid]);
});

test('ES256 is good as well', async (t) => {
  const folder = folderOf(t);
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const file = path.join(folder, 'keys.json');
  writeFileSync(file, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'office' }] }));
  const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify(aFeed())))
    .setProtectedHeader({ alg: 'ES256', typ: 'postern-feed+jwt', kid: 'office' })
    .sign(privateKey);
  assert.equal((await openFeed(jws, await readFeedKeys(file), noon)).keyId, 'office');
});

test('what somebody else signed, or nobody, is not trusted', async (t) => {
  const { publisher, forge, open, keys } = await given(t);
  const stranger = await aPublisher(folderOf(t));
  await assert.rejects(open(await stranger.sign(aFeed())), refused('feed_untrusted'));
  const impostor = await new CompactSign(new TextEncoder().encode(JSON.stringify(aFeed())))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'postern-feed+jwt', kid: publisher.kid })
    .sign(stranger.key.key);
  await assert.rejects(open(impostor), refused('feed_untrusted'));
  const [header = '', , signature = ''] = (await publisher.sign(aFeed())).split('.');
  const other = Buffer.from(JSON.stringify(aFeed({ sequence: 9_999_999_999 }))).toString('base64url');
  await assert.rejects(open(`${header}.${other}.${signature}`), refused('feed_untrusted'));
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'postern-feed+jwt', kid: publisher.kid }));
  await assert.rejects(open(`${none.toString('base64url')}.${other}.`), refused('feed_untrusted'));
  await assert.rejects(open(await forge({ kid: undefined })), refused('feed_untrusted'));
  await assert.rejects(
    openFeed(await publisher.sign(aFeed()), new Map([...keys].slice(1)), noon),
    refused('feed_untrusted'),
  );
});

test('another type of document by the same key is none', async (t) => {
  const { forge, open } = await given(t);
  for (const typ of ['JWT', 'at+jwt', 'POSTERN-FEED+JWT', undefined])
    await assert.rejects(open(await forge({ typ })), refused('feed_invalid', /header\.typ/));
});

test('one of the future, one whose time is over, and one that is to last for ever are refused', async (t) => {
  const { publisher, open, forge } = await given(t);
  const future = aFeed({ issuedAt: toTimestamp(noon + hour) });
  await assert.rejects(open(await publisher.sign(future)), refused('feed_invalid', /issuedAt/));
  const jws = await publisher.sign(aFeed());
  await assert.rejects(open(jws, Date.parse(aFeed().staleAfter)), refused('feed_invalid', /staleAfter/));
  assert.equal((await open(jws, Date.parse(aFeed().staleAfter) - 1)).feed.sequence, 2026112001);
  const eternal = { ...aFeed(), staleAfter: '2099-01-01T00:00:00Z' };
  await assert.rejects(open(await forge({}, eternal)), refused('feed_invalid', /staleAfter/));
});

test('what is too large, is no JWS, has a member twice or is no feed is refused with the place', async (t) => {
  const { forge, open } = await given(t);
  for (const text of ['', 'a.b.c', 'x'.repeat(1_500_000)])
    await assert.rejects(open(text), refused('feed_invalid', /"jws"/));
  const large = await forge({}, { ...aFeed(), note: 'x'.repeat(1_100_000) });
  await assert.rejects(open(large), refused('feed_invalid', /"jws"/));
  const [header = '', , signature = ''] = (await forge({})).split('.');
  const twice = Buffer.from('{"sequence":1,"sequence":2}').toString('base64url');
  await assert.rejects(open(`${header}.${twice}.${signature}`), refused('feed_invalid', /"jws"/));
  const broken: [unknown, RegExp][] = [
    [{ ...aFeed(), format: 'postern-release-feed-2' }, /feed\.format/],
    [{ ...aFeed(), more: 1 }, /feed/],
    [{ ...aFeed(), systems: [...aFeed().systems, ...aFeed().systems] }, /feed\.systems\.1.*twice/],
    [{ ...aFeed(), sequence: 1.5 }, /feed\.sequence/],
  ];
  for (const [payload, place] of broken)
    await assert.rejects(open(await forge({}, payload)), refused('feed_invalid', place));
});

test('a key set with private, secret, weak, mixed up or repeated keys is refused', async (t) => {
  const folder = folderOf(t);
  const { publicKeys, privateFile } = await aPublisher(folder);
  const [key] = publicKeys.keys;
  const file = path.join(folder, 'set.json');
  const bad: unknown[] = [
    { keys: [] },
    { keys: [{ ...key, d: key?.x }] },
    { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] },
    { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] },
    { keys: [{ ...key, alg: 'ES256' }] },
    { keys: [key, key] },
    { keys: [{ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }] },
    [],
  ];
  for (const set of bad) {
    writeFileSync(file, JSON.stringify(set));
    await assert.rejects(readFeedKeys(file), refused('feed_keys_invalid'), JSON.stringify(set));
  }
  await assert.rejects(readFeedKeys(privateFile), refused('feed_keys_invalid'));
  await assert.rejects(readFeedKeys(path.join(folder, 'absent')), refused('feed_keys_invalid'));
});

test('whatever JSON comes is a feed or is refused with the place, and nothing else happens', () => {
  const pieces = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(aFeed())));
  const members = fc.constantFrom(...Object.keys(aFeed()), 'more', '__proto__');
  fc.assert(
    fc.property(fc.array(fc.tuple(members, pieces), { maxLength: 4 }), fc.jsonValue(), (changes, other) => {
      for (const document of [other, { ...aFeed(), ...Object.fromEntries(changes) }]) {
        try {
          assert.equal(readFeed(document).format, 'postern-release-feed-1');
        } catch (error) {
          refused('feed_invalid', /"path":"feed/)(error);
        }
      }
    }),
  );
});
