import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@postern/shared/canonical';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, hour } from '@postern/shared/time';
import { factsWithoutFeed, type ReleaseFacts } from '../releases/release-facts.ts';
import type { Subject } from './subject.ts';
import { evaluate, evaluateAll } from './testing/evaluate.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, ok, unknown } from './testing/given.ts';
import type { FailingSince, RuleFinding } from './types.ts';

const vault = 'https://vault';
const tiers = new Map([[vault, 'critical'] as const]);

interface Asked {
  subject?: Partial<Subject>;
  resource?: string | null;
  readings?: Readings;
  now?: number;
}

function findingOf(rule: Record<string, unknown>, asked: Asked = {}): RuleFinding {
  const { subject = {}, resource = null, readings = firewallOff, now = noon } = asked;
  const policies = [aPolicy([aRule(rule)])];
  const [finding] = evaluate({ policies, readings, failingSince: {}, now, subject, resource, tiers });
  assert.ok(finding);
  return finding;
}

const sales = { id: 'anna', email: 'anna@example.com', groups: ['Sales'] };

const conditions: [string, string, Asked, boolean][] = [
  ['it is true', 'device.platform == "linux" && platform == "linux"', {}, true],
  ['it is false', 'device.platform == "macos"', {}, false],
  ['whose device it is', 'device.ownership == "personal"', { subject: { ownership: 'personal' } }, true],
  ['whose device it is not', 'device.ownership == "personal"', { subject: { ownership: 'corporate' } }, false],
  ['nobody has said whose it is', 'device.ownership == "personal"', { subject: { ownership: 'unknown' } }, true],
  ['nor of the other kind', 'device.ownership != "personal"', { subject: { ownership: 'unknown' } }, true],
  ['one may ask whether it is known', 'has(device.ownership)', { subject: { ownership: 'unknown' } }, false],
  [
    'what another operand decides',
    'device.ownership == "personal" && platform == "macos"',
    { subject: { ownership: 'unknown' } },
    false,
  ],
  ['how the key is kept', 'device.keyProtection == "software"', {}, true],
  ['who it is', 'person.email.endsWith("@example.com")', {}, true],
  ['a group', '"Sales" in person.groups', { subject: { person: sales } }, true],
  ['no group', '"Sales" in person.groups', {}, false],
  ['the clock', 'now < timestamp("2026-11-18T12:00:00Z")', { now: noon - 1 }, true],
  ['the clock a moment later', 'now < timestamp("2026-11-18T12:00:00Z")', { now: noon }, false],
  ['a time that is none', 'daysSince("soon") > 1.0', {}, true],
  ['an answer that is none', 'person.groups[0]', { subject: { person: sales } }, true],
  ['the tier of what is asked for', 'resource.tier == "critical"', { resource: vault }, true],
  ['another tier', 'resource.tier == "low"', { resource: vault }, false],
  ['no tier: counts as any', 'resource.tier == "low"', { resource: 'https://wiki' }, true],
  ['the name of what is asked for', 'resource.name == "https://wiki"', { resource: vault }, false],
  ['what is asked for, and nothing is', 'resource.tier == "critical"', {}, false],
];

for (const [name, when, asked, applies] of conditions) {
  test(`a rule ${applies ? 'applies' : 'does not apply'} by its condition: ${name}`, () => {
    const finding = findingOf({ when }, asked);
    assert.equal(finding.outcome, applies ? 'fail' : 'not-applicable');
    assert.equal(finding.reason === null, applies);
  });
}

test('a rule that depends on what is asked for fails from the attestation on, and not from the first request', () => {
  const policies = [aPolicy([aRule({ when: 'resource.tier == "critical"' })])];
  const given = { policies, readings: firewallOff, failingSince: {}, now: noon, tiers };
  const kept = evaluateAll(given).map(({ outcome }) => outcome);
  assert.deepEqual(kept, ['fail']);
  const bySubject = [aPolicy([aRule({ when: 'platform == "macos" && resource.tier == "critical"' })])];
  assert.deepEqual(evaluateAll({ ...given, policies: bySubject })[0]?.outcome, 'not-applicable');
});

const both = ['/opt/a', '/opt/b'];
const agents = { check: 'processes', require: 'value.processes.all(p, p.running == true)', targets: { linux: both } };

function running(state: Record<string, boolean | null>): Readings {
  const processes: Json = Object.entries(state).map(([path, each]) => ({ path, running: each }));
  return { processes: ok({ processes }) };
}

const named: [string, Readings, RuleFinding['outcome']][] = [
  ['all of them run', running({ '/opt/a': true, '/opt/b': true }), 'pass'],
  ['one does not', running({ '/opt/a': true, '/opt/b': false }), 'fail'],
  ['what another rule names does not count', running({ '/opt/a': true, '/opt/b': true, '/opt/c': false }), 'pass'],
  ['nothing was looked at: no pass, although all of nothing run', running({}), 'unknown'],
  ['one was not looked at', running({ '/opt/a': true }), 'unknown'],
  ['another spelling is another path', running({ '/opt/a': true, '/OPT/B': true }), 'unknown'],
  ['it cannot be seen', running({ '/opt/a': true, '/opt/b': null }), 'fail'],
];

for (const [name, readings, outcome] of named) {
  test(`a rule about what it names: ${name}`, () => assert.equal(findingOf(agents, { readings }).outcome, outcome));
}

test('an exception remembers of a reading what its rule names, and nothing else', () => {
  const readings = running({ '/opt/a': true, '/opt/b': false, '/opt/c': false });
  assert.deepEqual(findingOf(agents, { readings }).value, {
    processes: [
      { path: '/opt/a', running: true },
      { path: '/opt/b', running: false },
    ],
  });
});

test('a path that was not looked at is told', () => {
  assert.match(findingOf(agents, { readings: running({}) }).reason ?? '', /has not looked at \/opt\/a yet/);
});

test('a rule that names nothing for a system does not apply there', () => {
  const subject = { platform: 'macos' } as const;
  const { outcome, reason } = findingOf(agents, { subject, readings: running({}) });
  assert.deepEqual([outcome, reason], ['not-applicable', 'The rule names nothing to look at on this system.']);
  const everywhere = { ...agents, targets: { default: both, windows: ['C:\\a.exe'] } };
  assert.equal(
    findingOf(everywhere, { subject, readings: running({ '/opt/a': true, '/opt/b': true }) }).outcome,
    'pass',
  );
});

const system = {
  platform: 'macos',
  id: 'macos',
  name: 'macOS 15',
  version: '15.1',
  build: '24B83',
  supportEndsOn: null,
};

function byRelease(require: string, facts: Partial<ReleaseFacts>): RuleFinding['outcome'] | undefined {
  const releases = { of: () => ({ ...factsWithoutFeed({ supportEndsOn: null }), ...facts }) };
  const policies = [aPolicy([aRule({ check: 'os-version', require })])];
  const readings = { 'os-version': ok(system) };
  return evaluate({ policies, readings, failingSince: {}, now: noon, resource: null, releases })[0]?.outcome;
}

const late = 'release.upToDate == true || daysSince(release.behindSince) <= 30.0';

test('what is known of a release can be asked for, and what is not known is unknown', () => {
  assert.equal(byRelease(late, { upToDate: true }), 'pass');
  assert.equal(byRelease(late, { upToDate: false, behindSince: '2026-11-01' }), 'pass');
  assert.equal(byRelease(late, { upToDate: false, behindSince: '2026-10-01' }), 'fail');
  assert.equal(byRelease(late, {}), 'unknown');
  assert.equal(byRelease('release.upToDate', {}), 'unknown');
});

test('what is known of a release is asked for once a day, and only by rules that name it', () => {
  let asked = 0;
  const releases = { of: () => (asked++, factsWithoutFeed({ supportEndsOn: null })) };
  const readings = { 'os-version': ok(system) };
  const about = (now: number, require = late) => {
    const policies = [
      aPolicy([aRule({ check: 'os-version', require }), aRule({ id: 'b', check: 'os-version', require })]),
    ];
    evaluate({ policies, readings, failingSince: {}, now, resource: null, releases });
    return asked;
  };
  assert.equal(about(noon, 'versionAtLeast(value.version, "15")'), 0);
  assert.equal(about(noon), 1);
  assert.equal(about(noon + 11 * hour), 1);
  assert.equal(about(noon + day), 2);
});

test('a device that fails by what is known of its release is shown just that', () => {
  const releases = { of: () => ({ ...factsWithoutFeed({ supportEndsOn: null }), supportEndsOn: '2026-06-10' }) };
  const readings = { 'os-version': ok(system) };
  const policies = [
    aPolicy([aRule({ check: 'os-version', require: 'daysSince(release.supportEndsOn) < 1.0' })]),
    aPolicy([aRule({ id: 'plain', check: 'os-version', require: 'value.id == "x"' })]),
  ];
  const [byFeed, byValue] = evaluate({ policies, readings, failingSince: {}, now: noon, resource: null, releases });
  assert.match(byFeed?.observed ?? '', /supportEndsOn: 2026-06-10/);
  assert.deepEqual(byFeed?.value, system, 'an exception remembers what the device reported');
  assert.doesNotMatch(byValue?.observed ?? '', /2026-06-10/);
});

test('a name that only JavaScript knows is no memory of a failure', () => {
  const remembered = { 'test/constructor': { since: noon, failed: false } } as FailingSince;
  const policies = [aPolicy([aRule({ id: 'constructor' })])];
  const given = { policies, readings: { firewall: unknown() }, failingSince: {}, now: noon, resource: null };
  assert.equal(evaluate(given)[0]?.unanswered, 'warn');
  assert.equal(evaluate({ ...given, failingSince: remembered, readings: firewallOn })[0]?.outcome, 'pass');
});
