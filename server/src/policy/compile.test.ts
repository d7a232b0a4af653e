import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour } from '@postern/shared/time';
import { evaluate } from './testing/evaluate.ts';
import { aPolicy, aRule, firewallOn, type GivenRule, noon, ok } from './testing/given.ts';

function compiled(rest: Partial<GivenRule> = {}) {
  const [rule] = aPolicy([aRule(rest)]).rules;
  assert.ok(rule);
  return rule;
}

const hashOf = (rest: Partial<GivenRule>) => compiled(rest).hash;

// Made by the release before these documents could say when, targets, warn_before, report_only and groups.
const before: [string, Partial<GivenRule>, string][] = [
  ['a rule with its defaults', {}, 'WpdMgp2aoUbkkUtb8fQ_LXKRZgnGzy_7oSpytMTKPGs'],
  [
    'one for some systems, without exceptions',
    { id: 'b', platforms: ['windows', 'linux'], exceptions: false, on_unknown: 'block' },
    'U4OmGR9GYomX-E8y36ekVdssHVzTlFgTvVneyy3CTQk',
  ],
  [
    'one with terms of its own',
    { id: 'c', exceptions: { max_duration: '2d', max_total: '4d', approvals: 2 } },
    'z5fdqi4_Y6N6dO_p5e0wn2wAl9uYUX55EPS0UrzBA8o',
  ],
];

for (const [name, rest, hash] of before) {
  test(`an exception that was approved before the upgrade still fits: ${name}`, () => assert.equal(hashOf(rest), hash));
}

const plain = hashOf({});
const onFiles = { check: 'files', require: 'size(value.files) > 0' };

const unchanged: [string, Partial<GivenRule>][] = [
  ['the words', { title: 'T', expected: 'E', fix: { default: 'F' }, severity: 'low' }],
  ['the times', { time_to_fix: '1d', warn_before: '1h' }],
  ['whether it is only watched', { report_only: true }],
];
for (const [name, rest] of unchanged) {
  test(`another hash is not made by ${name}`, () => assert.equal(hashOf(rest), plain));
}

const changed: [string, Partial<GivenRule>, Partial<GivenRule>][] = [
  ['whom it is for', {}, { when: 'device.ownership == "corporate"' }],
  ['who may ask for an exception', {}, { exceptions: { groups: ['Engineering'] } }],
  ['what is looked at', { ...onFiles, targets: { default: ['/a'] } }, { ...onFiles, targets: { default: ['/b'] } }],
  [
    'on which system it is looked at',
    { ...onFiles, targets: { linux: ['/a'] } },
    { ...onFiles, targets: { macos: ['/a'] } },
  ],
];
for (const [name, one, other] of changed) {
  test(`another hash is made by ${name}`, () => assert.notEqual(hashOf(one), hashOf(other)));
}

test('the order in which things are listed makes no other hash', () => {
  const groups = (...names: string[]) => hashOf({ exceptions: { groups: names } });
  assert.equal(groups('a', 'b'), groups('b', 'a'));
  const targets = (...paths: string[]) => hashOf({ ...onFiles, targets: { linux: paths } });
  assert.equal(targets('/a', '/b'), targets('/b', '/a'));
});

const warnings: [string, Partial<GivenRule>, number | null][] = [
  ['the last quarter where nothing is said', { time_to_fix: '8h' }, 2 * hour],
  ['what is said', { time_to_fix: '7d', warn_before: '2d' }, 2 * day],
  ['nothing where it blocks at once', { time_to_fix: 0 }, 0],
  ['nothing where it never blocks', { time_to_fix: 'never' }, null],
];
for (const [name, rest, expected] of warnings) {
  test(`warned in earnest: ${name}`, () => assert.equal(compiled(rest).warnBeforeMs, expected));
}

test('who may ask for an exception is known to the rule', () => {
  assert.deepEqual(compiled({ exceptions: { groups: ['Engineering'] } }).exceptions?.groups, ['Engineering']);
  assert.equal(compiled().exceptions?.groups, null);
  assert.equal(compiled({ exceptions: false }).exceptions, null);
});

test('an expression over what is known of releases may change by itself, as one over the clock', () => {
  const usesNow = (rest: Partial<GivenRule>) => compiled(rest).usesNow;
  assert.equal(usesNow({}), false);
  assert.equal(usesNow({ check: 'os-version', require: 'release.upToDate == true' }), true);
  assert.equal(usesNow({ when: 'now > timestamp("2027-01-01T00:00:00Z")' }), true);
});

const notUnderstood: [string, Partial<GivenRule>][] = [
  ['an expression that this version refuses', { require: 'value.enabeld' }],
  ['a check that is gone', { check: 'telepathy' }],
];
for (const [name, rest] of notUnderstood) {
  test(`a rule in force that is not understood any more is unknown, and the others go on: ${name}`, () => {
    const policies = [aPolicy([aRule({ ...rest, on_unknown: 'block' }), aRule({ id: 'other' })])];
    const readings = { ...firewallOn, telepathy: ok({ thoughts: 1 }) };
    const found = evaluate({ policies, readings, failingSince: {}, resource: null, now: noon });
    assert.deepEqual(
      found.map(({ outcome, unanswered }) => [outcome, unanswered]),
      [
        ['unknown', 'block'],
        ['pass', null],
      ],
    );
    assert.match(found[0]?.reason ?? '', /publish it anew/);
  });
}
