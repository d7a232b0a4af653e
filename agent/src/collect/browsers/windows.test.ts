import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browsers } from '@postern/shared/checks/browsers';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { script } from './windows-parse.ts';
import { judge, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);

function read(name: string) {
  return readWindows(windowsAnswering(script, fixture(`windows-${name}.json`)));
}

async function browsersIn(name: string) {
  const value = valueOf(await read(name), browsers);
  return value.browsers.map(({ name: browser, version, source }) => `${browser} ${version} ${source}`).toSorted();
}

test('browsers are known by their names, and Edge’s parts are not Edge', async () => {
  assert.deepEqual(await browsersIn('10-22h2-msi-chrome'), [
    'chrome 131.0.6778.86 registry',
    'edge 130.0.2849.80 registry',
  ]);
  assert.deepEqual(await browsersIn('server-2025'), ['edge 131.0.2903.51 registry']);
  assert.deepEqual(await browsersIn('server-2019-core'), []);
});

test('a copy that a user installed is seen beside that of the machine: the older one is the way in', async () => {
  assert.deepEqual(await browsersIn('11-24h2-many'), [
    'brave 131.1.73.91 registry',
    'chrome 110.0.5481.78 registry',
    'chrome 131.0.6778.86 registry',
    'edge 130.0.2849.80 registry',
    'firefox 128.4.0 registry',
    'firefox 132.0.2 registry',
    'opera 113.0.5230.135 registry',
    'opera 114.0.5282.185 registry',
    'vivaldi 7.0.3495.15 registry',
  ]);
});

test('what other people installed is refused to most, which hides nothing of one’s own', async () => {
  assert.match(fixture('windows-10-22h2-msi-chrome.json'), /"users":[{]"fault":"System.Security/);
  assert.equal((await browsersIn('10-22h2-msi-chrome')).length, 2);
});

test('a copy from the Store is not missed', async () => {
  assert.deepEqual(await browsersIn('11-23h2-japanese-store'), [
    'edge 130.0.2849.80 registry',
    'firefox 115.0.1 registry',
    'firefox 132.0.2.0 store',
  ]);
});

test('what is only called like a browser is none, and one without a version is not left out', async () => {
  assert.deepEqual(await browsersIn('11-25h2-lookalikes'), ['chrome unknown registry', 'edge 130.0.2849.80 registry']);
});

test('the version that somebody last used is no sign that a browser is still there', () => {
  assert.doesNotMatch(script, /BLBeacon/);
});

test('a list that is refused may hold the oldest browser: unknown', async () => {
  assert.equal(reasonOf(await read('access-denied')), 'permission-denied');
  assert.equal(reasonOf(await read('not-readable')), 'failed');
});

test('no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-10-22h2-msi-chrome.json'));
});

test('any names make browsers that fit', () => {
  const name = fc.oneof(
    fc.string({ maxLength: 512 }),
    fc.constantFrom('Google Chrome', 'Brave', 'Vivaldi', 'Chromium'),
  );
  const version = fc.oneof(fc.string({ maxLength: 512 }), fc.constantFrom('1.2', 'x'.repeat(65), '\u202e1'));
  const programs = fc.array(fc.record({ name, version }), { maxLength: 64 });
  fc.assert(
    fc.property(programs, (given) => {
      const part = { fault: null, programs: given };
      const finding = judge({ machine: part, machine32: part, own: part, users: part, store: [], readable: true });
      browsers.value.parse(valueOf(finding, browsers));
    }),
  );
});
