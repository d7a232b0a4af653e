import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import { releaseFeedViewSchema } from '@postern/shared/protocol/release-feed';
import { day, minute, toTimestamp } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import { readRulebook } from '../policy/index.ts';
import { insert } from '../storage/change.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { bundledFeed } from './bundled.ts';
import { feedJobs } from './feed-job.ts';
import { importFeed } from './import-feed.ts';
import { aFeed, aPublisher, aSystem, noon } from './testing/feeds.ts';
import { viewFeed } from './view.ts';

async function given(t: TestContext, from: string | null = null) {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-feed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const store = await openTestStore(t);
  const publisher = await aPublisher(folder);
  const deps = { store, config: { feed: { keysFile: publisher.keysFile, from, everyMs: day } } };
  const take = async (jws: string, now = noon) => {
    try {
      await importFeed(deps, jws, systemActor, now);
      return 'taken';
    } catch (error) {
      assert.ok(error instanceof Fault);
      return error.code;
    }
  };
  const audited = async (type: string) => {
    const rows = await store.read.selectFrom('audit').select('entry').where('type', '=', type).execute();
    return rows.map(({ entry }) => (JSON.parse(entry) as { data: Record<string, unknown> }).data);
  };
  const supportEnd = async () => {
    const { releases } = await readRulebook(store);
    return releases.of(aSystem({ id: 'debian', version: '12' }), null, noon).supportEndsOn;
  };
  return { store, publisher, deps, take, audited, supportEnd };
}

const debianUntil = (supportEndsOn: string, rest = {}) =>
  aFeed({
    systems: [
      { platform: 'linux', id: 'debian', name: 'Debian', releases: [{ name: '12', version: '12', supportEndsOn }] },
    ],
    ...rest,
  });

test('a newer feed is in force at once, recorded, and makes every server read the rulebook again', async (t) => {
  const { store, publisher, deps, take, audited, supportEnd } = await given(t);
  const { epoch } = await readRulebook(store);
  assert.equal(await supportEnd(), '2026-07-11', 'by the bundled copy');
  assert.equal(await take(await publisher.sign(debianUntil('2030-01-01'))), 'taken');
  assert.equal(await supportEnd(), '2030-01-01');
  assert.notEqual((await readRulebook(store)).epoch, epoch);
  const [entry] = await audited('feed.imported');
  assert.deepEqual([entry?.['keyId'], entry?.['previous']], [publisher.kid, bundledFeed().sequence]);
  const view = releaseFeedViewSchema.parse(await viewFeed(deps, noon));
  assert.deepEqual(
    [view.origin, view.sequence, view.keyId, view.notice, view.ageDays],
    ['imported', 2026112001, publisher.kid, null, 1],
  );
});

test('an older one, the same one with other contents, and one issued before it are refused and recorded', async (t) => {
  const { publisher, take, audited, supportEnd } = await given(t);
  assert.equal(await take(await publisher.sign(debianUntil('2030-01-01'))), 'taken');
  const older = { sequence: 2026111901, issuedAt: '2026-11-19T12:00:00.000Z' };
  const backdated = { sequence: 2026112101, issuedAt: '2026-11-20T11:59:59.000Z' };
  for (const rest of [older, {}, backdated, { sequence: bundledFeed().sequence }])
    assert.equal(await take(await publisher.sign(debianUntil('2040-01-01', rest))), 'feed_outdated');
  assert.equal(await supportEnd(), '2030-01-01');
  assert.deepEqual(
    (await audited('feed.refused')).map(({ code }) => code),
    Array.from({ length: 4 }, () => 'feed_outdated'),
  );
});

test('the very same again is refused, and nothing is recorded: nobody tried anything', async (t) => {
  const { publisher, take, audited } = await given(t);
  const jws = await publisher.sign(debianUntil('2030-01-01'));
  assert.deepEqual([await take(jws), await take(jws)], ['taken', 'feed_outdated']);
  assert.deepEqual(await audited('feed.refused'), []);
});

test('of two that are imported at the same moment the newer one is in force, in whatever order', async (t) => {
  const { store, publisher, take, supportEnd } = await given(t);
  const [newer, older] = await Promise.all([
    publisher.sign(debianUntil('2032-01-01', { sequence: 2026112003 })),
    publisher.sign(debianUntil('2031-01-01', { sequence: 2026112002 })),
  ]);
  const outcomes = await Promise.all([take(older), take(newer), take(older)]);
  assert.ok(outcomes.includes('taken'));
  assert.equal(await supportEnd(), '2032-01-01');
  assert.ok((await store.read.selectFrom('release_feeds').select('sequence').execute()).length <= 2);
});

test('without declared keys nobody can import', async (t) => {
  const { publisher, deps } = await given(t);
  const nobody = { ...deps, config: { feed: { ...deps.config.feed, keysFile: null } } };
  await assert.rejects(importFeed(nobody, await publisher.sign(aFeed()), systemActor, noon), {
    code: 'feed_keys_missing',
  });
});

test('a bundled copy that is newer than the import wins, and a document that cannot be read any more stands in for nothing', async (t) => {
  const { store, deps, supportEnd } = await given(t);
  const row = { issued_at: 1, key_id: 'k', imported_by: 'system', imported_at: noon };
  const old = JSON.stringify(debianUntil('2001-01-01', { sequence: 5 }));
  await store.commit({ changes: [insert('release_feeds', { sequence: 5, document: old, ...row })], audit: [] });
  assert.equal(await supportEnd(), '2026-07-11');
  const strange = { sequence: 9_999_999_999, document: '{"format":"postern-release-feed-9"}', ...row };
  await store.commit({ changes: [insert('release_feeds', strange)], audit: [] });
  assert.equal(await supportEnd(), '2026-07-11');
  const { origin, notice } = await viewFeed(deps, noon);
  assert.equal(origin, 'bundled');
  assert.match(notice ?? '', /Update Postern, or import a newer signed feed/);
});

test('the bundled copy alone says when it is old', async (t) => {
  const { deps } = await given(t);
  const issued = Date.parse(bundledFeed().issuedAt);
  assert.equal((await viewFeed(deps, issued + 30 * day)).notice, null);
  const { notice, stale, ageDays } = await viewFeed(deps, issued + 91 * day);
  assert.deepEqual([stale, ageDays], [true, 91]);
  assert.match(notice ?? '', /only the feed that came with the program \(91 days\).*no longer says that anybody has/);
});

test('without an address there is no job, and nothing is fetched', async (t) => {
  const { deps } = await given(t);
  const log = { info: () => undefined, warn: () => undefined };
  assert.deepEqual(feedJobs({ ...deps, clock: { now: () => noon }, log }), []);
});

test('with one it is fetched as often as was said, and what is no news is quiet', async (t) => {
  const { deps, publisher, audited } = await given(t, 'https://feeds.example/releases.jwt');
  const clock = { at: noon, now: () => clock.at };
  const said: unknown[] = [];
  const log = {
    info: (...words: unknown[]) => void said.push(words),
    warn: (...words: unknown[]) => void said.push(words),
  };
  let offered: () => Promise<string> = () => publisher.sign(aFeed());
  const asked: string[] = [];
  const [job] = feedJobs({ ...deps, clock, log: log as never }, (from) => {
    asked.push(from);
    return offered();
  });
  assert.ok(job);
  const after = async (pass: number) => {
    clock.at += pass;
    await job.run();
  };
  await after(0);
  await after(minute);
  assert.deepEqual(asked, ['https://feeds.example/releases.jwt']);
  await after(day);
  assert.equal(asked.length, 2);
  assert.equal((await audited('feed.imported')).length, 1);
  assert.equal(said.length, 1, 'the same again is not worth a word');

  offered = async () => 'rubbish';
  await after(day);
  await after(day);
  assert.equal((await audited('feed.refused')).length, 1, 'once, although it was offered twice');

  offered = () => Promise.reject(new Error('the host did not answer'));
  await assert.rejects(after(day), /did not answer/);
  offered = () => publisher.sign(aFeed({ sequence: 2026112401, issuedAt: toTimestamp(clock.at) }));
  await after(day);
  assert.equal((await audited('feed.imported')).length, 2);
});
