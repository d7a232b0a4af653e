import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@postern/shared/canonical';
import { findCheck } from '@postern/shared/checks/catalogue';
import { compileExpression, ExpressionError } from './expression.ts';
import { noon } from './testing/given.ts';

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
  test(`${name}: ${text}`, () => assert.equal(compile(text, check).evaluate(value, 'linux', noon), expected));
}

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
    assert.throws(() => compile(text, check).evaluate(value, 'linux', noon));
  });
}

const refusals: [string, string, string, RegExp][] = [
  ['half an expression', 'firewall', 'value.enabled &&', /Unexpected token: EOF[\s\S]*\^/],
  ['an answer that is a number', 'firewall', '1 + 1', /must give true or false, and gives int/],
  ['types that do not fit', 'firewall', 'platform == 3', /no such overload: string == int[\s\S]*\^/],
  ['a variable that nobody knows', 'firewall', 'device.enabled', /Unknown variable: device/],
  [
    'a member that the check does not have',
    'firewall',
    'value.enabeld',
    /firewall has no 'enabeld'; it has enabled, provider, profiles[\s\S]*\^/,
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
});
