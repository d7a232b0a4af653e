import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pendingUpdates } from '@postern/shared/checks/pending-updates';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult, FileResult } from '../system.ts';
import { parseUpdateList } from './macos-parse.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const preferences = fixture('macos-preferences.plist.txt');
const list = '/usr/sbin/softwareupdate --list --no-scan';
const none = exited(0, fixture('macos-banner.txt'), fixture('macos-none.stderr.txt'));

function mac(answer: string | CommandResult, settings: string | FileResult | undefined = preferences, build = '25F84') {
  return recordedSystem({
    platform: 'macos',
    files: settings === undefined ? {} : { '/Library/Preferences/com.apple.SoftwareUpdate.plist': settings },
    commands: { [list]: answer, '/usr/bin/sw_vers -buildVersion': `${build}\n` },
  });
}

async function countOf(answer: string | CommandResult, build?: string) {
  return valueOf(await readMacos(mac(answer, preferences, build)), pendingUpdates).count;
}

test('an update whose mark is all that is left of it, and an answer that ends within a line, are not none', async () => {
  const whole = fixture('macos-14-three.txt');
  const cut = whole.slice(0, whole.lastIndexOf('\n* Label') + 2);
  for (const answer of [
    cut,
    `${cut}\n`,
    whole.replace('\n* Label', '\n*\ufffdLabel'),
    whole.replace('\n* Label', '\ufffd* Label'),
    whole.trimEnd(),
  ]) {
    assert.equal(reasonOf(await readMacos(mac(answer))), 'output-unreadable', answer);
  }
});

test('what waits is counted, and when macOS last looked is told', async () => {
  const expected = {
    count: 3,
    securityCount: null,
    restartRequired: null,
    listRefreshedAt: '2026-11-21T04:12:09.000Z',
    source: 'softwareupdate',
  };
  assert.deepEqual(valueOf(await readMacos(mac(fixture('macos-14-three.txt'))), pendingUpdates), expected);
  assert.equal(await countOf(fixture('macos-13-security-response.txt')), 1);
  assert.equal(await countOf(fixture('macos-15-german-titles.txt')), 2);
  assert.equal(await countOf(fixture('macos-26-two-systems.txt')), 2);
  assert.equal(await countOf(fixture('macos-26-background-improvement.txt')), 1);
});

test('both streams are read: the list and "nothing new" come on stderr too', async () => {
  assert.equal(await countOf(none), 0);
  assert.equal(await countOf(exited(0, fixture('macos-banner.txt'), fixture('macos-14-three.txt'))), 3);
});

test('a Mac that never looked for updates is not one without updates', async () => {
  for (const name of ['macos-preferences-never-looked.plist.txt', 'macos-preferences-future.plist.txt']) {
    assert.equal(reasonOf(await readMacos(mac(none, fixture(name)))), 'no-data', name);
  }
  assert.equal(reasonOf(await readMacos(mac(none, refused))), 'no-data');
  assert.equal(reasonOf(await readMacos(mac(none, { outcome: 'absent' }))), 'no-data');
  const waiting = valueOf(await readMacos(mac(fixture('macos-14-three.txt'), refused)), pendingUpdates);
  assert.deepEqual([waiting.count, waiting.listRefreshedAt], [3, null]);
});

test('the count in the preferences, which stays behind after an update, is not used', async () => {
  assert.match(preferences, /<key>LastRecommendedUpdatesAvailable<\/key>\s*<integer>1</);
  assert.equal(await countOf(none), 0);
});

test('an update that is installed by now is not counted', async () => {
  assert.equal(await countOf(fixture('macos-14-three.txt'), '23G93'), 2);
  assert.equal(await countOf(fixture('macos-13-security-response.txt'), '22F770820b'), 0);
});

test('Apple’s servers are never asked: that takes a minute', async () => {
  const system = mac(none);
  await readMacos(system);
  assert.deepEqual(
    system.ran.filter((command) => command.includes('softwareupdate')),
    [list],
  );
});

test('a lone banner says neither that updates wait nor that none do', async () => {
  assert.equal(reasonOf(await readMacos(mac(fixture('macos-banner.txt')))), 'output-unreadable');
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ outcome: 'timed-out' }))), 'timed-out');
  assert.equal(reasonOf(await readMacos(mac(exited(1, '', 'No new software available.\n')))), 'output-unreadable');
  const three = fixture('macos-14-three.txt');
  for (const text of [
    '',
    '<html>No new software available.</html>',
    three.slice(0, three.indexOf('Recommended')),
    `${three}No new software available.\n`,
    three.replace('Label: ', ''),
  ]) {
    assert.equal(reasonOf(await readMacos(mac(text))), 'output-unreadable', text);
  }
});

test('no list that is cut off is taken for an empty one, nor any other text', () => {
  const three = fixture('macos-14-three.txt');
  for (let end = 0; end < three.length; end++) {
    assert.notDeepEqual(parseUpdateList(three.slice(0, end)), [], String(end));
  }
  const line = fc.constantFrom('No new software available.', '* Label: a', '- Label: b', '\tTitle: a, Version: 1,', '');
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      const labels = parseUpdateList(lines.join('\n'));
      if (labels?.length === 0) assert.ok(lines.some((text) => text.includes('No new software available.')));
    }),
  );
});
