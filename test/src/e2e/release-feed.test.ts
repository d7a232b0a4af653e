import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { reading } from '@postern/server/attestation/testing/readings';
import { systemActor } from '@postern/server/audit/event';
import { publishPolicy } from '@postern/server/policy/index';
import { aFeed, aPublisher } from '@postern/server/releases/testing/feeds';
import { day, hour, toTimestamp } from '@postern/shared/time';
import { onBothStores } from '../contract/both-stores.ts';
import { AuditTrail } from '../support/audit-trail.ts';
import { startBackend } from '../support/backend.ts';
import { HttpDevice } from '../support/http-device.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const supported = `
policy: baseline
title: Supported systems
rules:
  - id: supported
    title: Supported
    check: os-version
    require: release.known && daysSince(release.supportEndsOn) < 0.0
    expected: The system is supported
    time_to_fix: 0s
    on_unknown: block
`;

/** A feed of an hour ago, after which Debian 12 is supported for ten more days, or was until ten days ago. */
function feedOf(now: number, sequence: number, supportedFor: number) {
  const ends = toTimestamp(now + supportedFor).slice(0, 10);
  return aFeed({
    sequence,
    issuedAt: toTimestamp(now - hour),
    staleAfter: toTimestamp(now + 30 * day),
    systems: [
      {
        platform: 'linux',
        id: 'debian',
        name: 'Debian',
        releases: [{ name: '12', version: '12', supportEndsOn: ends }],
      },
    ],
  });
}

onBothStores('verdicts follow the feed that an admin imports, and an older one is refused', async (t, database) => {
  const publisher = await aPublisher(temporaryFolder(t, 'feed'));
  const env = { POSTERN_DATABASE_URL: database.url, POSTERN_FEED_KEYS: publisher.keysFile };
  const backend = await startBackend(t, env);
  const admin = await backend.person('ada@example.org', ['admin']);
  const audit = new AuditTrail(admin);
  await publishPolicy(backend.server.deps.store, supported, systemActor, backend.clock.now());
  const device = await HttpDevice.enroll(backend, admin);
  const now = backend.clock.now();
  const system = {
    platform: 'linux',
    id: 'debian',
    name: 'Debian',
    version: '12',
    build: '6.1.0',
    supportEndsOn: null,
  };
  await device.attest({}, { 'os-version': reading(system, now) });
  const status = async () => ((await device.call('GET', '/v1/device')).body['verdict'] as { status: string }).status;
  const offer = async (sequence: number, supportedFor: number) => {
    const jws = await publisher.sign(feedOf(now, sequence, supportedFor));
    const { status: code, body } = await admin.post('/v1/admin/release-feed', { jws });
    return code === 200 ? body['sequence'] : body['error_code'];
  };

  assert.equal((await admin.get('/v1/admin/release-feed')).body['origin'], 'bundled');
  assert.equal(await offer(9_000_000_001, 10 * day), 9_000_000_001);
  assert.equal(await status(), 'compliant');
  assert.equal(await offer(9_000_000_002, -10 * day), 9_000_000_002);
  assert.equal(await status(), 'non-compliant', 'at once, without a report');
  const head = await audit.head();
  assert.equal(await offer(9_000_000_001, 10 * day), 'feed_outdated');
  assert.equal(await status(), 'non-compliant');
  const [refused] = await audit.since(head);
  assert.deepEqual(
    [refused?.type, refused?.outcome, refused?.data['code']],
    ['feed.refused', 'failure', 'feed_outdated'],
  );

  const stranger = await aPublisher(temporaryFolder(t, 'stranger'));
  const jws = await stranger.sign(feedOf(now, 9_000_000_009, 10 * day));
  assert.equal((await admin.post('/v1/admin/release-feed', { jws })).body['error_code'], 'feed_untrusted');
  const { body: view } = await admin.get('/v1/admin/release-feed');
  assert.deepEqual([view['origin'], view['sequence'], view['keyId']], ['imported', 9_000_000_002, publisher.kid]);
});

test('a file that the operator names is taken in by the job, and followed', async (t) => {
  const folder = temporaryFolder(t, 'feed');
  const publisher = await aPublisher(folder);
  const file = path.join(folder, 'releases.jwt');
  const backend = await startBackend(t, {
    POSTERN_FEED_KEYS: publisher.keysFile,
    POSTERN_FEED_FROM: file,
    POSTERN_FEED_EVERY: '1h',
  });
  const admin = await backend.person('ada@example.org', ['admin']);
  const inForce = async () => (await admin.get('/v1/admin/release-feed')).body['sequence'];
  writeFileSync(file, await publisher.sign(feedOf(backend.clock.now(), 9_000_000_001, day)));
  await backend.server.jobs.run('fetch release feed');
  assert.equal(await inForce(), 9_000_000_001);
  backend.clock.advance(hour);
  writeFileSync(file, await publisher.sign(feedOf(backend.clock.now(), 9_000_000_002, day)));
  await backend.server.jobs.run('fetch release feed');
  assert.equal(await inForce(), 9_000_000_002);
});

test('where nothing was configured nothing is fetched: no connection goes anywhere but to the server itself', async (t) => {
  const connect = t.mock.method(net.Socket.prototype, 'connect');
  const backend = await startBackend(t);
  const admin = await backend.person('ada@example.org', ['admin']);
  await assert.rejects(backend.server.jobs.run('fetch release feed'), /there is no job/);
  backend.clock.advance(40 * day);
  for (const job of ['watch for doubtful checks', 'forget old changes', 'forget old proofs', 'rotate signing keys'])
    await backend.server.jobs.run(job);
  const { body } = await admin.get('/v1/admin/release-feed');
  assert.deepEqual([body['origin'], body['fetched']], ['bundled', false]);
  assert.equal((await admin.post('/v1/admin/release-feed', { jws: 'a.b.c' })).body['error_code'], 'feed_keys_missing');
  const places = connect.mock.calls.map(({ arguments: [first] }) => JSON.stringify(first));
  assert.ok(places.length > 0, 'the test sees connections');
  for (const place of places) assert.ok(place.includes('127.0.0.1'), place);
});
