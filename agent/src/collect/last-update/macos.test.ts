import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastUpdate } from '@postern/shared/checks/last-update';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused } from '../testing/recorded-system.ts';
import type { FileResult } from '../system.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);

function mac(history?: string | FileResult) {
  const files = history === undefined ? {} : { '/Library/Receipts/InstallHistory.plist': history };
  return recordedSystem({ platform: 'macos', files });
}

async function installedAt(name: string) {
  return valueOf(await readMacos(mac(fixture(name))), lastUpdate).installedAt;
}

test('the newest update of macOS counts, also a security response and a background improvement', async () => {
  const expected = { installedAt: '2023-07-13T07:02:11.000Z', source: 'softwareupdate' };
  assert.deepEqual(valueOf(await readMacos(mac(fixture('macos-13-history.plist.txt'))), lastUpdate), expected);
  assert.equal(await installedAt('macos-26-background-improvement.plist.txt'), '2026-11-10T02:11:09.000Z');
});

test('lists of XProtect and Gatekeeper, which come every few days, are no update', async () => {
  assert.match(fixture('macos-15-only-lists.plist.txt'), /2026-11-20/);
  assert.equal(reasonOf(await readMacos(mac(fixture('macos-15-only-lists.plist.txt')))), 'no-data');
  const renamed = fixture('macos-15-only-lists.plist.txt').replace('Gatekeeper Compatibility Data', 'macOS Data');
  assert.equal(reasonOf(await readMacos(mac(renamed))), 'no-data');
});

test('apps, tools and a package that is called macOS are no update of macOS', async () => {
  assert.equal(await installedAt('macos-14-apps-since.plist.txt'), '2024-04-17T01:25:11.000Z');
});

test('an update from the future, put there by a wrong clock, is passed over', async () => {
  assert.equal(await installedAt('macos-15-wrong-clock.plist.txt'), '2025-01-27T20:00:00.000Z');
});

test('no history, one that is refused and half of one are unknown', async () => {
  assert.equal(reasonOf(await readMacos(mac())), 'no-data');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  const whole = fixture('macos-13-history.plist.txt');
  for (const text of ['', '<html></html>', whole.slice(0, whole.length / 2)]) {
    assert.equal(reasonOf(await readMacos(mac(text))), 'output-unreadable', text);
  }
});

test('no history that was changed makes the Mac newer than it says', async () => {
  const whole = fixture('macos-14-apps-since.plist.txt');
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.nat(30), async (at, length) => {
      const finding = await readMacos(mac(whole.slice(0, at) + whole.slice(at + length)));
      if (finding.status === 'ok') assert.match(finding.value.installedAt, /^(?:2024|2026-11-02)/);
    }),
  );
});
