import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastUpdate } from '@postern/shared/checks/last-update';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { script } from './windows-parse.ts';
import { judge, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const now = Date.UTC(2026, 10, 21, 9, 30);

function read(name: string) {
  return readWindows(windowsAnswering(script, fixture(`windows-${name}.json`)));
}

async function dateOf(name: string) {
  const { installedAt, source } = valueOf(await read(name), lastUpdate);
  return [installedAt.slice(0, 10), source];
}

test('the newest update that mends Windows counts, on clients and servers', async () => {
  assert.deepEqual(await dateOf('10-22h2'), ['2026-11-11', 'component-servicing']);
  assert.deepEqual(await dateOf('server-2019'), ['2026-11-13', 'component-servicing']);
  assert.deepEqual(await dateOf('server-2025-core'), ['2026-11-12', 'windows-update']);
});

test('lists of malware, which come several times a day, are no update of Windows', async () => {
  assert.match(fixture('windows-11-24h2-only-definitions.json'), /2026-11-21/);
  assert.equal(reasonOf(await read('11-24h2-only-definitions')), 'no-data');
});

test('apps of the Store are no update of Windows', async () => {
  assert.deepEqual(await dateOf('11-24h2-store-apps'), ['2026-10-15', 'windows-update']);
});

test('an update that failed, half succeeded or waits for a restart is not installed', async () => {
  assert.deepEqual(await dateOf('11-25h2-failed-since'), ['2026-10-15', 'windows-update']);
});

test('an update that was removed again is not installed', async () => {
  assert.deepEqual(await dateOf('11-24h2-removed-again'), ['2026-10-15', 'windows-update']);
});

test('what came by WSUS or by hand, or whose history was wiped, is seen in the servicing stack', async () => {
  assert.deepEqual(await dateOf('11-23h2-japanese-wsus'), ['2026-10-16', 'component-servicing']);
  assert.deepEqual(await dateOf('server-2022-history-wiped'), ['2026-11-12', 'component-servicing']);
});

test('a restricted PowerShell can still read the servicing stack', async () => {
  assert.deepEqual(await dateOf('constrained-language'), ['2026-11-12', 'component-servicing']);
});

test('dates in the user’s language are not guessed at: 11/12 is two days', async () => {
  assert.equal(reasonOf(await read('german-dates')), 'no-data');
  assert.doesNotMatch(script, /InstalledOn|Get-HotFix|Win32_QuickFixEngineering/i);
  assert.match(script, /\.ToString\('o'\)/);
});

test('a date of the future is not believed', async () => {
  assert.deepEqual(await dateOf('future'), ['2026-10-15', 'windows-update']);
});

test('a list of malware whose number or category was spoilt, or a removal whose time was, is not an update', async () => {
  const spoilt: [string, RegExp, string][] = [
    ['11-24h2-only-definitions', /KB2267602/, 'KB226\ufffd602'],
    ['11-24h2-only-definitions', /e0789628-ce08/i, 'e0789628\ufffdce08'],
  ];
  for (const [name, part, instead] of spoilt) {
    const text = fixture(`windows-${name}.json`).replace(part, instead);
    assert.equal(reasonOf(await readWindows(windowsAnswering(script, text))), 'output-unreadable', instead);
  }
  const removed = fixture('windows-11-24h2-removed-again.json');
  const entry = /\{[^{}]*"operation":2[^{}]*\}/.exec(removed)?.[0] ?? '';
  const [time = ''] = /\d{4}-\d\d-\d\dT[^"]*/.exec(entry) ?? [];
  const text = removed.replace(entry, entry.replace(time, '12.11.2026'));
  assert.notEqual(text, removed);
  const finding = await readWindows(windowsAnswering(script, text));
  assert.ok(finding.status !== 'ok' || finding.value.source === 'component-servicing');
});

test('a machine that names no update, and one that refuses to, are unknown', async () => {
  assert.equal(reasonOf(await read('never')), 'no-data');
  assert.equal(reasonOf(await read('access-denied')), 'permission-denied');
});

test('no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-server-2019.json'));
});

test('no answer makes an update of what is none', () => {
  const entry = fc.record({
    at: fc.constantFrom(
      '2026-11-20T00:00:00.0000000Z',
      '2026-10-01T00:00:00Z',
      '2030-01-01T00:00:00Z',
      '20.11.2026',
      '',
    ),
    operation: fc.nat({ max: 3 }),
    result: fc.nat({ max: 5 }),
    kb: fc.constantFrom('KB2267602', 'KB5068861', ''),
    categories: fc.constant<string[]>([]),
  });
  const packages = fc.array(
    fc.record({
      state: fc.option(fc.constantFrom(112, 80, 64)),
      high: fc.option(fc.integer()),
      low: fc.option(fc.integer()),
    }),
  );
  fc.assert(
    fc.property(fc.option(fc.array(entry)), fc.option(packages), (history, found) => {
      const finding = judge({ history, historyFault: null, packages: found, packagesFault: null }, now);
      if (finding.status !== 'ok') return;
      const { installedAt, source } = valueOf(finding, lastUpdate);
      assert.ok(Date.parse(installedAt) <= now + 86_400_000);
      if (source === 'component-servicing') assert.ok(found?.some(({ state }) => state === 112));
      else {
        assert.ok(
          history?.some(
            ({ at, operation, result, kb }) =>
              Date.parse(at) === Date.parse(installedAt) && operation === 1 && result === 2 && kb === 'KB5068861',
          ),
        );
      }
    }),
    { numRuns: 2000 },
  );
});
