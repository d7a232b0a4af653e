import assert from 'node:assert/strict';
import { test } from 'node:test';
import { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { script, type UpdatesAnswer } from './windows-parse.ts';
import { judge, readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const now = Date.UTC(2026, 10, 21, 9, 30);

function read(name: string) {
  return readWindows(windowsAnswering(script, fixture(`windows-${name}.json`)));
}

async function stateOf(name: string) {
  const { enabled, pausedUntil, mechanism } = valueOf(await read(name), automaticUpdates);
  assert.equal(mechanism, 'windows-update');
  return { enabled, pausedUntil };
}

const on = { enabled: true, pausedUntil: null };
const off = { enabled: false, pausedUntil: null };

test('a client without policies installs by itself, whether or not the old interface says so', async () => {
  assert.deepEqual(await stateOf('10-22h2-default'), on);
  assert.deepEqual(await stateOf('11-23h2-default'), on);
});

test('a pause is seen, though its end is a date in text and no number', async () => {
  const fixtureText = fixture('windows-11-24h2-paused.json');
  const asNumber = Number(/"PauseUpdatesExpiryTime":"([^"]+)"/.exec(fixtureText)?.[1]);
  assert.ok(!(asNumber > now), 'read as a number it is never a pause');
  assert.deepEqual(await stateOf('11-24h2-paused'), { enabled: true, pausedUntil: '2026-12-19T07:12:55.000Z' });
  assert.deepEqual(await stateOf('11-24h2-pause-over'), on);
});

test('an administrator’s pause lasts 35 days from its start', async () => {
  assert.deepEqual(await stateOf('11-24h2-policy-paused'), { enabled: true, pausedUntil: '2026-12-15T00:00:00.000Z' });
});

test('a policy or a management that switches updates off wins', async () => {
  for (const name of ['10-22h2-no-auto-update', '11-access-removed', '11-25h2-mdm-off']) {
    assert.deepEqual(await stateOf(name), off, name);
  }
  assert.deepEqual(await stateOf('11-25h2-mdm-installs'), on);
});

test('asking before the download or the installation is not installing by itself', async () => {
  assert.deepEqual(await stateOf('10-22h2-notify'), off);
  assert.deepEqual(await stateOf('server-2019-download-only'), off);
  assert.deepEqual(await stateOf('server-2022-scheduled'), on);
});

test('a disabled service, of updates or of their orchestrator, installs nothing', async () => {
  assert.deepEqual(await stateOf('11-service-disabled'), off);
  assert.deepEqual(await stateOf('11-orchestrator-disabled'), off);
});

test('a server where nobody decided is unknown: it leaves it to its people', async () => {
  assert.equal(reasonOf(await read('server-2025-core-left-open')), 'no-data');
});

test('a policy that is refused could be the one that says no', async () => {
  assert.equal(reasonOf(await read('policy-refused')), 'permission-denied');
});

test('a restricted PowerShell can read the registry, which suffices for a client', async () => {
  assert.deepEqual(await stateOf('constrained-language-client'), on);
  const server = await read('constrained-language-server');
  assert.equal(reasonOf(server), 'permission-denied');
  assert.match(server.status === 'unknown' ? server.detail : '', /Constrained Language Mode/);
});

test('an end of the pause that is not understood is not taken for none', async () => {
  const answer = JSON.parse(fixture('windows-11-24h2-paused.json')) as UpdatesAnswer;
  for (const end of ['19.12.2026 07:12', 1_766_128_375, '2026-13-45T00:00:00Z', 'yes']) {
    const settings = { fault: null, values: { PauseUpdatesExpiryTime: end } };
    assert.equal(reasonOf(judge({ ...answer, settings }, now)), 'output-unreadable', String(end));
  }
  const refused = { fault: 'System.Security.SecurityException', values: null };
  assert.equal(reasonOf(judge({ ...answer, settings: refused }, now)), 'output-unreadable');
});

test('no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-10-22h2-default.json'));
});

test('a setting under another name, as another kind, or as a number that is none is not taken for one that nobody made', async () => {
  const spoilt: [string, string, string][] = [
    ['11-access-removed', 'DisableWindowsUpdateAccess":1', 'DisableWindowsUpdateAcceSs":1'],
    ['11-access-removed', 'DisableWindowsUpdateAccess":1', 'DisableWindowsUpdateAccess":"\ufffd"'],
    ['11-service-disabled', '"Start":4', '"Start":-1'],
    ['11-service-disabled', '"Start":4', '"Start":"disabled"'],
    ['10-22h2-default', '"level":', '"level":-'],
  ];
  for (const [name, part, instead] of spoilt) {
    const whole = fixture(`windows-${name}.json`);
    const text = whole.replace(part, instead);
    assert.notEqual(text, whole, name);
    const finding = await readWindows(windowsAnswering(script, text));
    assert.ok(finding.status === 'unknown' || instead.endsWith('-'), `${name}: ${instead}`);
  }
});

test('no answer switches updates on by accident', () => {
  const key = (name: string, value: fc.Arbitrary<string | number | null>) =>
    fc.oneof(
      fc.record({ fault: fc.constant(null), values: value.map((data) => ({ [name]: data })) }),
      fc.record({ fault: fc.constantFrom('PathNotFound,X', 'SecurityException', ''), values: fc.constant(null) }),
    );
  const answer = fc.record({
    wuauserv: key('Start', fc.constantFrom(2, 3, 4, null)),
    orchestrator: key('Start', fc.constantFrom(2, 3, 4, '4')),
    policy: key('DisableWindowsUpdateAccess', fc.constantFrom(0, 1, null)),
    automatic: fc.oneof(key('NoAutoUpdate', fc.constantFrom(0, 1, '1')), key('AUOptions', fc.nat({ max: 8 }))),
    mdm: key('AllowAutoUpdate', fc.nat({ max: 6 })),
    settings: key('PauseUpdatesExpiryTime', fc.oneof(fc.constantFrom('2027-01-01T00:00:00Z', '', null), fc.string())),
    windows: key('InstallationType', fc.constantFrom('Client', 'Server')),
    level: fc.option(fc.integer({ min: -1, max: 5 })),
    levelFault: fc.option(fc.string()),
  });
  fc.assert(
    fc.property(answer, (given) => {
      const finding = judge(given, now);
      if (finding.status !== 'ok' || !valueOf(finding, automaticUpdates).enabled) return;
      assert.ok(
        ![4, '4'].some((start) => [given.wuauserv, given.orchestrator].some((k) => k.values?.['Start'] === start)),
      );
      assert.ok(![1, '1'].includes(given.automatic.values?.['NoAutoUpdate'] ?? 0));
      assert.ok([undefined, 4, 5].includes(given.automatic.values?.['AUOptions'] as undefined));
      assert.ok(given.level === null || ![1, 2, 3].includes(given.level));
      if (given.settings.values?.['PauseUpdatesExpiryTime'] === '2027-01-01T00:00:00Z') {
        assert.equal(finding.value.pausedUntil, '2027-01-01T00:00:00.000Z');
      }
    }),
    { numRuns: 2000 },
  );
});
