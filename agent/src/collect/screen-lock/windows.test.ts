import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenLock } from '@postern/shared/checks/screen-lock';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { parseRegistryKey } from '../windows/registry.ts';
import { inactivityLock, parsePowerSetting, powerLock, screenSaverLock } from './windows-parse.ts';
import { readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);
const absent = exited(1, '', fixture('windows-not-found-german.txt'));

interface Settings {
  desktop?: string | CommandResult;
  policy?: string | CommandResult;
  machine?: string | CommandResult;
  lock?: string | CommandResult;
  sleep?: string | CommandResult;
  display?: string | CommandResult;
  home?: string;
}

/** A Windows that never locks by itself, except for what is given: a fixture's name or a result. */
function windows(settings: Settings = {}) {
  const answer = (given: string | CommandResult) =>
    typeof given === 'string' ? fixture(`windows-${given}.txt`) : given;
  const tools = 'C:\\Windows\\System32\\';
  const {
    desktop = 'desktop-default',
    policy = absent,
    machine = 'machine-default',
    lock = 'powercfg-lock-on',
  } = settings;
  const { sleep = 'powercfg-sleep-never', display = 'powercfg-display-never', home = 'C:\\Users\\ada' } = settings;
  return recordedSystem({
    platform: 'windows',
    home,
    commands: {
      [`${tools}reg.exe query HKCU\\Control Panel\\Desktop`]: answer(desktop),
      [`${tools}reg.exe query HKCU\\Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop`]: answer(policy),
      [`${tools}reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System`]: answer(machine),
      [`${tools}powercfg.exe /qh SCHEME_CURRENT SUB_NONE CONSOLELOCK`]: answer(lock),
      [`${tools}powercfg.exe /qh SCHEME_CURRENT SUB_SLEEP STANDBYIDLE`]: answer(sleep),
      [`${tools}powercfg.exe /qh SCHEME_CURRENT SUB_VIDEO VIDEOIDLE`]: answer(display),
    },
  });
}

async function delayOf(settings: Settings) {
  const { enabled, delaySeconds } = valueOf(await readWindows(windows(settings)), screenLock);
  assert.equal(enabled, delaySeconds !== null);
  return delaySeconds;
}

test('a screen saver with a password locks after its time', async () => {
  const value = valueOf(await readWindows(windows({ desktop: 'desktop-saver-600' })), screenLock);
  assert.deepEqual(value, { enabled: true, delaySeconds: 600, desktop: 'windows' });
});

test('a screen saver that asks for no password does not lock', async () => {
  assert.equal(await delayOf({ desktop: 'desktop-saver-not-secure' }), null);
});

test('the policy wins over the user, both ways', async () => {
  assert.equal(await delayOf({ desktop: 'desktop-saver-600', policy: 'policy-saver-900' }), 900);
  assert.equal(await delayOf({ desktop: 'desktop-saver-600', policy: 'policy-saver-off' }), null);
});

test('an inactivity limit of the machine locks, and a limit of 0 does not', async () => {
  assert.equal(await delayOf({ machine: 'machine-limit-900' }), 900);
  assert.equal(await delayOf({ machine: 'machine-limit-0' }), null);
});

test('sleep locks where waking needs a password, after the longer of mains and battery', async () => {
  assert.equal(await delayOf({ sleep: 'powercfg-sleep-30-15' }), 1800);
  assert.equal(await delayOf({ sleep: 'powercfg-sleep-30-15', desktop: 'desktop-sign-in-after-60' }), 1860);
});

test('powercfg is read in German and Japanese as in English', async () => {
  assert.equal(await delayOf({ lock: 'powercfg-lock-on-german', sleep: 'powercfg-sleep-30-15-german' }), 1800);
  assert.equal(await delayOf({ lock: 'powercfg-lock-on-japanese', sleep: 'powercfg-sleep-30-15-japanese' }), 1800);
});

test('waking without a password, on mains alone or by the user’s choice, is no lock', async () => {
  assert.equal(
    await delayOf({ lock: 'powercfg-lock-off-on-ac-japanese', sleep: 'powercfg-sleep-30-15-japanese' }),
    null,
  );
  assert.equal(await delayOf({ desktop: 'desktop-sign-in-never', sleep: 'powercfg-sleep-30-15' }), null);
});

test('sleep that never comes on mains is no lock; the soonest of several locks counts', async () => {
  assert.equal(await delayOf({ sleep: 'powercfg-sleep-never-on-ac' }), null);
  assert.equal(
    await delayOf({ desktop: 'desktop-saver-600', machine: 'machine-limit-900', sleep: 'powercfg-sleep-30-15' }),
    600,
  );
});

test('what locks on some machines only is not called a lock, and not called none', async () => {
  assert.equal(reasonOf(await readWindows(windows({ display: 'powercfg-display-10-5' }))), 'no-data');
  assert.equal(reasonOf(await readWindows(windows({ desktop: 'desktop-saver-none-chosen' }))), 'no-data');
  assert.equal(
    reasonOf(await readWindows(windows({ machine: 'machine-limit-900', policy: 'policy-saver-off' }))),
    'no-data',
  );
});

test('a part of powercfg’s answer is not read as a value', async () => {
  const broken = [
    'powercfg-truncated-after-step',
    'powercfg-truncated-after-ac',
    'powercfg-hidden',
    'not-found-german',
    'html',
  ];
  for (const name of broken) {
    const text = fixture(`windows-${name}.txt`);
    assert.equal(parsePowerSetting(text, 'range'), undefined, name);
    assert.equal(parsePowerSetting(text, 'choice'), undefined, name);
    assert.equal(reasonOf(await readWindows(windows({ sleep: name }))), 'no-data', name);
  }
});

test('no beginning of a registry key locks sooner, or later, than the whole of it', async () => {
  const whole = fixture('windows-desktop-saver-600.txt');
  for (let length = 0; length < whole.length; length += 1) {
    const system = windows({ desktop: exited(0, whole.slice(0, length)) });
    const finding = await readWindows(system);
    if (finding.status === 'ok') assert.equal(finding.value.delaySeconds, 600, `the first ${length} characters`);
  }
});

test('a service has no screen lock of its own', async () => {
  for (const home of ['C:\\Windows\\system32\\config\\systemprofile', 'C:\\Windows\\ServiceProfiles\\LocalService']) {
    const system = windows({ home, desktop: 'desktop-saver-600' });
    assert.equal(reasonOf(await readWindows(system)), 'not-in-user-session');
    assert.deepEqual(system.ran, []);
  }
});

test('no answer is unknown', async () => {
  assert.equal(reasonOf(await readWindows(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  assert.equal(reasonOf(await readWindows(windows({ desktop: refused }))), 'permission-denied');
  assert.equal(reasonOf(await readWindows(windows({ desktop: { outcome: 'timed-out' } }))), 'timed-out');
  assert.equal(reasonOf(await readWindows(windows({ desktop: absent }))), 'no-data');
  assert.equal(reasonOf(await readWindows(windows({ desktop: 'html' }))), 'no-data');
  assert.equal(reasonOf(await readWindows(windows({ policy: 'html' }))), 'output-unreadable');
  assert.equal(reasonOf(await readWindows(windows({ machine: refused }))), 'no-data');
  assert.equal(reasonOf(await readWindows(windows({ lock: { outcome: 'absent' } }))), 'no-data');
});

test('no values lock the screen by accident', () => {
  const data = fc.oneof(
    fc.constantFrom('0', '00', '1', '600', '0x0', '0x384', '0xffffffff', 'scrnsave.scr'),
    fc.string(),
  );
  const value = fc.tuple(
    fc.constantFrom(
      'ScreenSaveActive',
      'ScreenSaverIsSecure',
      'ScreenSaveTimeOut',
      'SCRNSAVE.EXE',
      'InactivityTimeoutSecs',
      'DelayLockInterval',
    ),
    fc.constantFrom('REG_SZ', 'REG_DWORD'),
    data,
  );
  const key = fc
    .array(value)
    .map(
      (values) =>
        parseRegistryKey(
          `HKEY_X\n${values.map(([name, type, text]) => `    ${name}    ${type}    ${text}`).join('\n')}\n\n`,
        ) ?? new Map<string, never>(),
    );
  const power = fc.option(fc.record({ ac: fc.nat({ max: 2 }), dc: fc.nat({ max: 2 }) }), { nil: undefined });
  fc.assert(
    fc.property(key, key, power, power, (user, policy, passwordOnWake, sleep) => {
      const saver = screenSaverLock({ user, policy });
      if (typeof saver === 'number') {
        assert.equal(policy.get('screensaverissecure')?.data || user.get('screensaverissecure')?.data, '1');
        assert.ok(saver > 0);
      }
      const limit = inactivityLock(policy, { user, policy: undefined });
      assert.ok(typeof limit !== 'number' || limit > 0);
      const asleep = powerLock({ passwordOnWake, sleep, display: undefined }, user);
      assert.ok(
        typeof asleep !== 'number' || (passwordOnWake !== undefined && passwordOnWake.ac > 0 && passwordOnWake.dc > 0),
      );
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parsePowerSetting(text, 'choice'), undefined);
      assert.equal(parsePowerSetting(text, 'range'), undefined);
    }),
  );
});
