import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@postern/shared/canonical';
import { findCheck } from '@postern/shared/checks/catalogue';
import { aContext } from './testing/evaluate.ts';
import { ExpressionError } from './expression-error.ts';
import { compileCondition, compileExpression } from './expression.ts';

function compile(text: string, checkId = 'disk-free') {
  const check = findCheck(checkId);
  assert.ok(check);
  return compileExpression(text, check);
}

const disk = { mount: '/', sizeGiB: 200, freePercent: 10 };
const updates = { count: 3, securityCount: null, restartRequired: null, listRefreshedAt: null, source: 'apt' };
const update = (installedAt: string) => ({ installedAt, source: 'apt' });

const answers: [string, string, Json, string, boolean][] = [
  ['a JSON number is compared with an int', 'disk-free', disk, 'value.freePercent >= 10', true],
  ['a JSON number is compared with a double', 'disk-free', disk, 'value.freePercent > 9.5', true],
  ['a JSON number equals an int', 'disk-free', disk, 'value.freePercent == 10', true],
  ['a JSON number equals a double', 'disk-free', disk, 'value.freePercent == 10.0', true],
  ['a JSON number is added to an int', 'disk-free', disk, 'value.freePercent + 1 == 11', true],
  ['a JSON number is found in a list', 'disk-free', disk, 'value.freePercent in [5, 10]', true],
  [
    'a fraction stays one',
    'disk-free',
    { ...disk, freePercent: 9.5 },
    'value.freePercent > 9 && value.freePercent < 10.0',
    true,
  ],
  ['a member is taken as it is', 'firewall', { enabled: false, provider: 'x' }, 'value.enabled', false],
  ['a null is told from a number', 'pending-updates', updates, 'value.securityCount == null', true],
  ['an absent member can be asked for', 'firewall', { enabled: true, provider: 'x' }, 'has(value.profiles)', false],
  [
    'all profiles of a map',
    'firewall',
    { enabled: true, provider: 'x', profiles: { a: true, b: false } },
    'value.profiles.all(p, value.profiles[p])',
    false,
  ],
  ['the platform', 'disk-free', disk, 'platform == "linux"', true],
  [
    'now is a timestamp',
    'last-update',
    update('2026-11-18T11:00:00Z'),
    'now - timestamp(value.installedAt) == duration("1h")',
    true,
  ],
  [
    '30 days ago to the millisecond',
    'last-update',
    update('2026-10-19T12:00:00Z'),
    'daysSince(value.installedAt) <= 30',
    true,
  ],
  [
    'a millisecond more',
    'last-update',
    update('2026-10-19T11:59:59.999Z'),
    'daysSince(value.installedAt) <= 30',
    false,
  ],
  [
    'a date alone begins at midnight',
    'os-version',
    { supportEndsOn: '2026-11-18' },
    'daysSince(value.supportEndsOn) == 0.5',
    true,
  ],
  ['a version', 'os-version', { version: '15.1' }, 'versionAtLeast(value.version, "15.0")', true],
  [
    'what cannot be compared does not hide what can',
    'os-version',
    { version: 'x', name: 'y' },
    'versionAtLeast(value.version, "1") || value.name == "y"',
    true,
  ],
];

for (const [name, check, value, text, expected] of answers) {
  test(`${name}: ${text}`, () => assert.equal(compile(text, check).evaluate(aContext(), value), expected));
}

test('a variable of a loop hides what has the same name outside', () => {
  const text = 'value.protections.all(value, value.intact) && ["linux", "Linux"].all(platform, platform != "")';
  assert.doesNotThrow(() => compile(text, 'system-integrity'));
});

test('what a condition sees and does not see', () => {
  const shown =
    'person.email == "" || "a" in person.groups || has(resource.tier) || device.keyProtection == "software"';
  const condition = compileCondition(shown);
  assert.deepEqual([condition.usesNow, condition.usesResource], [false, true]);
  assert.equal(compileCondition('platform == "linux"').usesResource, false);
  for (const [text, message] of [
    ['value.enabled', /Unknown variable: value/],
    ['release.known', /Unknown variable: release/],
    ['device.owner == "x"', /device has no 'owner' here/],
    ['resource.tier == "urgent"', /resource.tier is never 'urgent'/],
    ['device.ownership == "unknown"', /device.ownership is never 'unknown'/],
    ['size(person.groups)', /must give true or false, and gives int/],
  ] as const) {
    assert.throws(() => compileCondition(text), message);
  }
});

const silences: [string, string, Json, string][] = [
  ['a missing member', 'disk-free', {}, 'value.freePercent >= 10'],
  ['a null compared by size', 'pending-updates', updates, 'value.securityCount > 0'],
  ['a null negated', 'secure-boot', { enabled: true, setupMode: null }, '!value.setupMode'],
  ['a null as version', 'os-version', { version: null }, 'versionAtLeast(value.version, "12")'],
  ['a version that is none', 'os-version', { version: 'rolling' }, 'versionAtLeast(value.version, "12")'],
  ['a time that is none', 'last-update', update('yesterday'), 'daysSince(value.installedAt) < 3'],
  ['text where a bool should be', 'firewall', { enabled: 'yes' }, 'value.enabled'],
  ['a value that is no object', 'disk-free', null, 'value.freePercent >= 10'],
  ['members that only JavaScript knows', 'firewall', {}, 'value["constructor"] == null'],
  ['a member named __proto__', 'firewall', JSON.parse('{"__proto__":{"enabled":true}}') as Json, 'value.enabled'],
];

for (const [name, check, value, text] of silences) {
  test(`${name} has no answer: ${text}`, () => {
    assert.throws(() => compile(text, check).evaluate(aContext(), value));
  });
}

const refusals: [string, string, string, RegExp][] = [
  ['half an expression', 'firewall', 'value.enabled &&', /Unexpected token: EOF[\s\S]*\^/],
  ['an answer that is a number', 'firewall', '1 + 1', /must give true or false, and gives int/],
  ['types that do not fit', 'firewall', 'platform == 3', /no such overload: string == int[\s\S]*\^/],
  ['a variable that nobody knows', 'firewall', 'devise.enabled', /Unknown variable: devise/],
  [
    'the resource, which a requirement does not see',
    'firewall',
    'resource.tier == "low"',
    /Unknown variable: resource/,
  ],
  ['the release, where the check is not about it', 'firewall', 'release.known', /Unknown variable: release/],
  [
    'a member that the check does not have',
    'firewall',
    'value.enabeld',
    /value has no 'enabeld' here; did you mean enabled\? It has enabled, provider, profiles[\s\S]*\^/,
  ],
  ['the same inside has()', 'firewall', 'has(value.profile)', /has no 'profile'/],
  ['a regular expression', 'firewall', 'value.provider.matches("(a+)+b")', /matches is not offered/],
  [
    'a duration in days',
    'uptime',
    'now - timestamp(value.startedAt) < duration("30d")',
    /Invalid duration string: 30d/,
  ],
  ['a time that is none', 'uptime', 'timestamp(value.startedAt) > timestamp("monday")', /timestamp\(\)/],
  ['a least version that is none', 'os-version', 'versionAtLeast(value.build, "24B83")', /'24B83' is not a version/],
  ['a number where a time should be', 'uptime', 'daysSince(3) < 1.0', /no matching overload/],
  [
    'a member of a member that it does not have',
    'antivirus',
    'value.products.exists(p, p.runing)',
    /p has no 'runing' here; did you mean running\? It has name, kind, running, upToDate[\s\S]*\^/,
  ],
  [
    'the same behind a filter',
    'files',
    'value.files.filter(f, f.state == "present").all(f, f.sha == "x")',
    /f has no 'sha' here/,
  ],
  ['the same by its place in the list', 'files', 'value.files[0].sha == "x"', /value.files\[0\] has no 'sha' here/],
  [
    'a word that a member never is',
    'disk-encryption',
    'value.state == "fulll"',
    /value.state is never 'fulll'; did you mean full\? It is one of full, enabled, partial, none[\s\S]*\^/,
  ],
  ['one such word among others', 'disk-encryption', 'value.state in ["full", "on"]', /value.state is never 'on'/],
  ['a word on the left', 'remote-access', 'value.services.all(s, "open" != s.open)', /s.open is never 'open'/],
  [
    'a system that is none',
    'firewall',
    'platform == "Linux" || value.enabled',
    /platform is never 'Linux'; did you mean linux/,
  ],
  ['a member of a release that it does not have', 'os-version', 'release.eol == null', /release has no 'eol' here/],
  ['more than anybody would write', 'firewall', `value.enabled ${'|| true '.repeat(120)}`, /maxAstNodes/],
  ['deep nesting', 'firewall', `${'('.repeat(200)}true${')'.repeat(200)}`, /depth|nested|recursion/i],
];

for (const [name, check, text, message] of refusals) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => compile(text, check),
      (error: unknown) => error instanceof ExpressionError && message.test(error.message),
    );
  });
}

test('only an expression that reads the clock may change without a new reading', () => {
  assert.equal(compile('value.freePercent > 1').usesNow, false);
  assert.equal(compile('now.getFullYear() > 2020').usesNow, true);
  assert.equal(compile('daysSince(value.startedAt) < 9.0', 'uptime').usesNow, true);
  assert.equal(compile('value.products.all(p, daysSince(p.name) < 9.0)', 'antivirus').usesNow, true);
  // What is known of a release changes from day to day.
  assert.equal(compile('release.upToDate == true', 'os-version').usesNow, true);
});
