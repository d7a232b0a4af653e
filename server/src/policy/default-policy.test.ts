import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalogue, findCheck } from '@postern/shared/checks/catalogue';
import { platforms } from '@postern/shared/checks/define';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { day, minute } from '@postern/shared/time';
import type { ReleaseFacts, Releases } from '../releases/index.ts';
import { collectionPlan } from './collection-plan.ts';
import { compilePolicy } from './compile.ts';
import { defaultPolicy } from './default-policy.ts';
import { aSubject, evaluate } from './testing/evaluate.ts';
import { trackFailing } from './failing-since.ts';
import { judge } from './judge.ts';
import { readPolicyDocument } from './read-document.ts';
import { noon, ok, unknown, unsupported } from './testing/given.ts';

const baseline = compilePolicy(readPolicyDocument(defaultPolicy()), 1);

/** A feed by which every system is supported for a year and up to date, unless told otherwise. */
function releasesOf(facts: Partial<ReleaseFacts>): Releases {
  const good = { known: true, rolling: false, supportEndsOn: '2027-11-18', latest: null, upToDate: true };
  return { of: () => ({ ...good, behindSince: null, ...facts }) };
}

function verdictAfter(
  timeMs: number,
  readings: Readings,
  platform: (typeof platforms)[number] = 'linux',
  releases = releasesOf({}),
) {
  const policies = [baseline];
  const findings = evaluate({ policies, readings, platform, failingSince: {}, resource: null, now: noon, releases });
  const failingSince = trackFailing({}, findings, noon - timeMs);
  return judge({ findings, failingSince, waivers: [], policies, evidenceAt: noon, now: noon });
}

function verdictAfterAMonth(readings: Readings, platform?: (typeof platforms)[number], releases?: Releases) {
  return verdictAfter(30 * day, readings, platform, releases);
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
  'sign-in': ok({ automatic: false, passwordSet: null, mechanism: null }),
  'remote-access': ok({ services: [{ name: 'ssh', open: 'no', port: null }], source: 'sockets' }),
};

test('a well-kept laptop passes every rule that applies', () => {
  const verdict = verdictAfterAMonth(good);
  assert.equal(verdict.status, 'compliant');
  assert.deepEqual(
    verdict.rules.filter(({ standing }) => standing !== 'fine').map(({ rule, outcome }) => [rule, outcome]),
    [
      ['os-updated', 'not-applicable'],
      ['system-integrity', 'not-applicable'],
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

test('an ordinary Debian in a container is not blocked at once, and is told what to do', () => {
  const inContainer = Object.fromEntries(
    ['disk-encryption', 'firewall', 'secure-boot', 'clock-drift', 'screen-lock', 'remote-access'].map((id) => [
      id,
      unsupported('container'),
    ]),
  );
  const fresh = verdictAfter(0, { ...good, ...inContainer, 'last-update': unknown(), 'pending-updates': unknown() });
  assert.equal(fresh.status, 'grace');
  for (const { standing, fix, rule } of fresh.rules) if (standing === 'grace') assert.ok(fix?.text, rule);
});

test('a Mac and a PC that tell everything pass what is for them', () => {
  const protections = (...names: string[]) =>
    ok({ protections: names.map((name) => ({ name, intact: true, detail: null })) });
  const products = [{ name: 'Microsoft Defender', running: true, upToDate: true }];
  const mac = { ...good, 'system-integrity': protections('sip', 'gatekeeper', 'boot-arguments') };
  const pc = { ...good, 'system-integrity': protections('test-signing'), antivirus: ok({ products }) };
  for (const [platform, readings] of [
    ['macos', mac],
    ['windows', pc],
  ] as const) {
    const { status, rules } = verdictAfterAMonth(readings, platform);
    assert.equal(status, 'compliant');
    const applying = new Set(rules.filter(({ standing }) => standing !== 'not-applicable').map(({ rule }) => rule));
    assert.ok(applying.has('os-updated') && applying.has('system-integrity'));
    assert.equal(applying.has('malware-protection'), platform === 'windows');
  }
});

test('what is asked of every device tells nothing that is for those who opt in', () => {
  const optIn = new Set(catalogue.filter((check) => check.optIn === true).map(({ id }) => id));
  assert.deepEqual(
    baseline.rules.filter(({ document }) => optIn.has(document.check)),
    [],
  );
});

test('what the guide says is collected is what is collected', () => {
  const guide = readFileSync(new URL('../../../docs/policies.md', import.meta.url), 'utf8');
  const [, told = ''] = /<!-- collected by default -->([^]*?)<!-- end -->/.exec(guide) ?? [];
  const said = new Set([...told.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id));
  const subjects = platforms.map((platform) => aSubject({ platform }));
  const plans = subjects.map((subject) =>
    collectionPlan({ policies: [baseline] }, subject, {
      identifiers: 'plain',
      identifierKey: null,
    }),
  );
  const asked = new Set(plans.flatMap(({ checks }) => checks));
  assert.deepEqual(said, asked);
});

test('no rule repeats what the check itself says to do', () => {
  for (const { document } of baseline.rules) {
    const own = findCheck(document.check)?.fix ?? {};
    for (const [system, text] of Object.entries(document.fix ?? {}))
      assert.notEqual(text, own[system as keyof typeof own]?.text, `${document.id} ${system}`);
  }
});

test('a server where nobody is signed in is not blocked for its screen', () => {
  assert.equal(verdictAfterAMonth({ ...good, 'screen-lock': unknown() }).status, 'compliant');
});

function signIn(told: Record<string, boolean>): Reading {
  return ok({ automatic: false, passwordSet: true, mechanism: null, ...told });
}

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
  ['a machine that signs somebody in by itself', 'sign-in', { 'sign-in': signIn({ automatic: true }) }],
  ['an account without a password', 'sign-in', { 'sign-in': signIn({ passwordSet: false }) }],
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

const releases: [string, Partial<ReleaseFacts>, 'linux' | 'macos', Record<string, string>][] = [
  ['supported and up to date', {}, 'macos', { 'os-supported': 'fine', 'os-updated': 'fine' }],
  ['out of support', { supportEndsOn: '2026-11-17' }, 'linux', { 'os-supported': 'blocked' }],
  ['on its last day of support', { supportEndsOn: '2026-11-18' }, 'linux', { 'os-supported': 'fine' }],
  ['one that rolls on and has no end', { rolling: true, supportEndsOn: null }, 'linux', { 'os-supported': 'fine' }],
  [
    'one that nobody knows',
    { known: false, supportEndsOn: null, upToDate: null },
    'macos',
    { 'os-supported': 'warned', 'os-updated': 'fine' },
  ],
  ['a fortnight behind', { upToDate: false, behindSince: '2026-11-04' }, 'macos', { 'os-updated': 'fine' }],
  ['two months behind', { upToDate: false, behindSince: '2026-09-18' }, 'macos', { 'os-updated': 'blocked' }],
];

for (const [name, facts, platform, expected] of releases) {
  test(`a release that is ${name}`, () => {
    const { rules } = verdictAfterAMonth(good, platform, releasesOf(facts));
    for (const [rule, standing] of Object.entries(expected))
      assert.equal(rules.find((each) => each.rule === rule)?.standing, standing, rule);
  });
}

const untold: [string, 'windows' | 'macos', Readings, string, string][] = [
  [
    'a protection that is not told',
    'macos',
    { 'system-integrity': ok({ protections: [{ name: 'sip', intact: null, detail: null }] }) },
    'system-integrity',
    'warned',
  ],
  [
    'a protection that is off beside one that is not told',
    'macos',
    {
      'system-integrity': ok({
        protections: [
          { name: 'gatekeeper', intact: null, detail: null },
          { name: 'sip', intact: false, detail: 'disabled' },
        ],
      }),
    },
    'system-integrity',
    'blocked',
  ],
  [
    'boot arguments, which somebody may have set for a reason',
    'macos',
    { 'system-integrity': ok({ protections: [{ name: 'boot-arguments', intact: false, detail: '-v' }] }) },
    'system-integrity',
    'fine',
  ],
  [
    'malware protection of which it is not told whether it runs',
    'windows',
    { antivirus: ok({ products: [{ name: 'X', running: null, upToDate: true }] }) },
    'malware-protection',
    'blocked',
  ],
  ['no malware protection', 'windows', { antivirus: ok({ products: [] }) }, 'malware-protection', 'blocked'],
  [
    'a login from outside, which is a reminder',
    'macos',
    { 'remote-access': ok({ services: [{ name: 'ssh', open: 'anywhere', port: 22 }], source: 'sockets' }) },
    'remote-access',
    'warned',
  ],
];

for (const [name, platform, readings, rule, standing] of untold) {
  test(`${name} on ${platform}: ${standing}`, () => {
    const result = verdictAfterAMonth({ ...good, ...readings }, platform).rules.find((each) => each.rule === rule);
    assert.equal(result?.standing, standing);
  });
}

test('times to fix follow the severity', () => {
  const most = { critical: 3_600_000, high: 14 * day, medium: 14 * day, low: 14 * day, info: Infinity };
  for (const { document, timeToFixMs } of baseline.rules) {
    if (timeToFixMs !== null) assert.ok(timeToFixMs <= most[document.severity], document.id);
  }
});
