import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '@postern/shared/checks/catalogue';
import { platforms } from '@postern/shared/checks/define';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { day, minute } from '@postern/shared/time';
import { compilePolicy } from './compile.ts';
import { defaultPolicy } from './default-policy.ts';
import { evaluate } from './testing/evaluate.ts';
import { trackFailing } from './failing-since.ts';
import { judge } from './judge.ts';
import { readPolicyDocument } from './read-document.ts';
import { noon, ok, unknown, unsupported } from './testing/given.ts';

const baseline = compilePolicy(readPolicyDocument(defaultPolicy()), 1);

function verdictAfter(timeMs: number, readings: Readings, platform: (typeof platforms)[number] = 'linux') {
  const policies = [baseline];
  const findings = evaluate({ policies, readings, platform, failingSince: {}, resource: null, now: noon });
  const failingSince = trackFailing({}, findings, noon - timeMs);
  return judge({ findings, failingSince, waivers: [], policies, evidenceAt: noon, now: noon });
}

function verdictAfterAMonth(readings: Readings, platform?: (typeof platforms)[number]) {
  return verdictAfter(30 * day, readings, platform);
}

function every(reading: Reading): Readings {
  return Object.fromEntries(catalogue.map(({ id }) => [id, reading]));
}

const good: Readings = {
  'os-version': ok({
    platform: 'linux',
    id: 'debian',
    name: 'Debian GNU/Linux 12',
    version: '12',
    build: '6.1.0-18-amd64',
    supportEndsOn: null,
  }),
  'disk-encryption': ok({ state: 'full', volumes: [{ mount: '/', encrypted: true, method: 'luks2' }] }),
  firewall: ok({ enabled: true, provider: 'ufw' }),
  'screen-lock': ok({ enabled: true, delaySeconds: 300, desktop: 'gnome' }),
  'secure-boot': ok({ enabled: true, setupMode: false }),
  'pending-updates': ok({
    count: 4,
    securityCount: 0,
    restartRequired: false,
    listRefreshedAt: '2026-11-18T06:00:00Z',
    source: 'apt',
  }),
  'last-update': ok({ installedAt: '2026-11-10T06:00:00Z', source: 'apt' }),
  'automatic-updates': ok({ enabled: true, mechanism: 'unattended-upgrades' }),
  uptime: ok({ startedAt: '2026-11-10T06:00:00Z' }),
  'disk-free': ok({ mount: '/', sizeGiB: 200, freePercent: 50 }),
  'clock-drift': ok({ offsetSeconds: 0 }),
};

test('a well-kept laptop passes every rule that applies', () => {
  const verdict = verdictAfterAMonth(good);
  assert.equal(verdict.status, 'compliant');
  assert.deepEqual(
    verdict.rules.filter(({ standing }) => standing !== 'fine').map(({ rule, outcome }) => [rule, outcome]),
    [
      ['os-version-macos', 'not-applicable'],
      ['os-version-windows', 'not-applicable'],
      ['malware-protection', 'not-applicable'],
    ],
  );
});

for (const platform of platforms) {
  for (const [name, readings] of [
    ['can tell nothing at all', every(unknown())],
    ['reports nothing at all', {}],
    ['says that it is a container', every(unsupported('container'))],
    ['says that it can have nothing', every(unsupported())],
  ] as const) {
    test(`a device that ${name} has its time on ${platform}, and is blocked after it`, () => {
      assert.equal(verdictAfter(59 * minute, readings, platform).status, 'grace');
      assert.equal(verdictAfterAMonth(readings, platform).status, 'non-compliant');
    });
  }
}

test('not looking is a way around no critical or high rule, and no medium or low one blocks for it', () => {
  for (const { rule, severity, standing } of verdictAfterAMonth({}, 'macos').rules) {
    if (standing === 'not-applicable') continue;
    assert.equal(standing === 'blocked', severity === 'critical' || severity === 'high', rule);
  }
});

test('what the agent cannot read on macOS and Windows yet is warned of and does not block', () => {
  const unread = ['pending-updates', 'last-update', 'automatic-updates', 'antivirus', 'secure-boot'];
  const recent = {
    platform: 'macos',
    id: 'macos',
    name: 'macOS 15',
    version: '15.1',
    build: '24B83',
    supportEndsOn: null,
  };
  const readings = {
    ...good,
    'os-version': ok(recent),
    ...Object.fromEntries(unread.map((id) => [id, unsupported()])),
  };
  const rules = verdictAfterAMonth(readings, 'macos').rules;
  const standingOf = (id: string) => rules.find(({ rule }) => rule === id)?.standing;
  assert.deepEqual(['security-updates', 'malware-protection'].map(standingOf), ['warned', 'warned']);
  assert.deepEqual(
    rules.filter(({ standing }) => standing === 'grace' || standing === 'blocked').map(({ rule }) => rule),
    [],
  );
});

test('a server where nobody is signed in is not blocked for its screen', () => {
  assert.equal(verdictAfterAMonth({ ...good, 'screen-lock': unknown() }).status, 'compliant');
});

const bad: [string, string, Readings][] = [
  ['a plain disk', 'disk-encryption', { 'disk-encryption': ok({ state: 'none', volumes: [] }) }],
  ['swap that is plain', 'disk-encryption', { 'disk-encryption': ok({ state: 'partial', volumes: [] }) }],
  ['a firewall that is off', 'firewall', { firewall: ok({ enabled: false, provider: 'ufw' }) }],
  [
    'one profile that is off',
    'firewall',
    { firewall: ok({ enabled: true, provider: 'windows-firewall', profiles: { domain: true, public: false } }) },
  ],
  [
    'a screen that locks after an hour',
    'screen-lock',
    { 'screen-lock': ok({ enabled: true, delaySeconds: 3600, desktop: 'kde' }) },
  ],
  [
    'a system out of support',
    'os-supported',
    {
      'os-version': ok({
        platform: 'linux',
        id: 'fedora',
        name: 'Fedora',
        version: '38',
        build: '6',
        supportEndsOn: '2026-11-17',
      }),
    },
  ],
  [
    'a security update that waits',
    'security-updates',
    {
      'pending-updates': ok({
        count: 1,
        securityCount: 1,
        restartRequired: null,
        listRefreshedAt: null,
        source: 'apt',
      }),
    },
  ],
  [
    'no update that waits, by a list that is months old',
    'security-updates',
    {
      'pending-updates': ok({
        count: 0,
        securityCount: 0,
        restartRequired: null,
        listRefreshedAt: '2026-09-10T06:00:00Z',
        source: 'apt',
      }),
    },
  ],
  [
    'no update for two months',
    'updated-lately',
    { 'last-update': ok({ installedAt: '2026-09-10T06:00:00Z', source: 'apt' }) },
  ],
  ['a clock that is ten minutes off', 'clock', { 'clock-drift': ok({ offsetSeconds: 600 }) }],
];

for (const [name, rule, readings] of bad) {
  test(`${name} is blocked in the end, with a fix for every system`, () => {
    const result = verdictAfterAMonth({ ...good, ...readings }).rules.find((each) => each.rule === rule);
    assert.equal(result?.standing, 'blocked');
    assert.ok(result.fix);
  });
}

test('the last day of support is still supported', () => {
  const readings = {
    ...good,
    'os-version': ok({
      platform: 'linux',
      id: 'fedora',
      name: 'Fedora',
      version: '38',
      build: '6',
      supportEndsOn: '2026-11-18',
    }),
  };
  assert.equal(verdictAfterAMonth(readings).status, 'compliant');
});

const versions: [string, 'macos' | 'windows', { version: string; build: string; name: string }, string][] = [
  ['macOS 15', 'macos', { version: '15.1', build: '24B83', name: 'macOS' }, 'pass'],
  ['macOS 13', 'macos', { version: '13.6', build: '22G120', name: 'macOS' }, 'fail'],
  ['Windows 11 23H2', 'windows', { version: '10.0.22631', build: '22631.4317', name: 'Windows 11 Pro' }, 'pass'],
  ['Windows 10', 'windows', { version: '10.0.19045', build: '19045.5011', name: 'Windows 10 Pro' }, 'fail'],
  [
    'Windows Server 2022',
    'windows',
    { version: '10.0.20348', build: '20348.2700', name: 'Windows Server 2022 Standard' },
    'pass',
  ],
];

for (const [name, platform, told, outcome] of versions) {
  test(`${name}: ${outcome}`, () => {
    const readings = { 'os-version': ok({ platform, id: platform, supportEndsOn: null, ...told }) };
    const result = verdictAfterAMonth(readings, platform).rules.find((each) => each.rule === `os-version-${platform}`);
    assert.equal(result?.outcome, outcome);
  });
}

test('times to fix follow the severity', () => {
  const most = { critical: 3_600_000, high: 14 * day, medium: 14 * day, low: 14 * day, info: Infinity };
  for (const { document, timeToFixMs } of baseline.rules) {
    if (timeToFixMs !== null) assert.ok(timeToFixMs <= most[document.severity], document.id);
  }
});
