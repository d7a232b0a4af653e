import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictSchema } from '@postern/shared/protocol/verdict';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, fromTimestamp, hour, minute, second } from '@postern/shared/time';
import { evaluate } from './testing/evaluate.ts';
import { judge } from './judge.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, unknown, unsupported } from './testing/given.ts';
import { tokenLife } from './token-life.ts';
import type { CompiledPolicy, FailingSince, Waiver } from './types.ts';

interface Given {
  policies?: CompiledPolicy[];
  readings?: Readings;
  since?: FailingSince;
  waivers?: Waiver[];
  evidenceAt?: number;
  now?: number;
}

function verdictOf(given: Given) {
  const {
    policies = [aPolicy()],
    readings = firewallOn,
    since = {},
    waivers = [],
    now = noon,
    evidenceAt = now,
  } = given;
  const findings = evaluate({ policies, readings, platform: 'linux', failingSince: since, resource: null, now });
  const verdict = judge({ findings, failingSince: since, waivers, policies, evidenceAt, now });
  verdictSchema.parse(verdict);
  return { verdict, life: tokenLife({ policies, verdict, waivers, now }), rule: verdict.rules[0] };
}

const failing = 'test/firewall';
const waiver = (expiresAt: number): Waiver => ({
  exceptionId: 'exc_00000000000000000000000000000001',
  rule: failing,
  expiresAt,
});
/** Not passing since then, and seen failing. */
const failed = (since: number): FailingSince => ({ [failing]: { since, failed: true } });
/** Not passing since then, and never seen. */
const unseen = (since: number): FailingSince => ({ [failing]: { since, failed: false } });
const blind: Readings = { firewall: unknown() };
const claim: Readings = { firewall: unsupported() };
const inContainer: Readings = { firewall: unsupported('container') };
const rule = (rest: Record<string, unknown>) => [aPolicy([aRule(rest)])];

const matrix: [string, Given, string, string][] = [
  ['ok: passes', {}, 'fine', 'compliant'],
  ['ok: does not apply', { readings: { firewall: unsupported() } }, 'not-applicable', 'compliant'],
  ['nok: failed just now', { readings: firewallOff }, 'grace', 'grace'],
  [
    'nok: a millisecond before the deadline',
    { readings: firewallOff, since: failed(noon - 7 * day + 1) },
    'grace',
    'grace',
  ],
  ['nok: at the deadline', { readings: firewallOff, since: failed(noon - 7 * day) }, 'blocked', 'non-compliant'],
  ['nok: no time to fix', { policies: rule({ time_to_fix: 0 }), readings: firewallOff }, 'blocked', 'non-compliant'],
  [
    'nok: never blocks',
    { policies: rule({ time_to_fix: 'never' }), readings: firewallOff, since: failed(0) },
    'warned',
    'compliant',
  ],
  [
    'unknown, allowed',
    { policies: rule({ on_unknown: 'allow' }), readings: blind, since: unseen(0) },
    'fine',
    'compliant',
  ],
  [
    'unknown, warned',
    { policies: rule({ on_unknown: 'warn' }), readings: blind, since: unseen(0) },
    'warned',
    'compliant',
  ],
  ['unknown, blocks in time', { policies: rule({ on_unknown: 'block' }), readings: blind }, 'grace', 'grace'],
  [
    'unknown, blocks now',
    { policies: rule({ on_unknown: 'block' }), readings: blind, since: unseen(noon - 7 * day) },
    'blocked',
    'non-compliant',
  ],
  [
    'unknown, would block, but never does',
    { policies: rule({ on_unknown: 'block', time_to_fix: 'never' }), readings: blind },
    'warned',
    'compliant',
  ],
  ['unsupported, skipped', { readings: claim, since: unseen(0) }, 'not-applicable', 'compliant'],
  [
    'unsupported, warned',
    { policies: rule({ on_unsupported: 'warn' }), readings: claim, since: unseen(0) },
    'warned',
    'compliant',
  ],
  ['unsupported, blocks in time', { policies: rule({ on_unsupported: 'block' }), readings: claim }, 'grace', 'grace'],
  [
    'unsupported, blocks now',
    { policies: rule({ on_unsupported: 'block' }), readings: claim, since: unseen(noon - 7 * day) },
    'blocked',
    'non-compliant',
  ],
  [
    'unsupported, would block, but never does',
    { policies: rule({ on_unsupported: 'block', time_to_fix: 'never' }), readings: claim },
    'warned',
    'compliant',
  ],
  ['container, allowed', { policies: rule({ on_unknown: 'allow' }), readings: inContainer }, 'fine', 'compliant'],
  ['container, warned', { policies: rule({ on_unknown: 'warn' }), readings: inContainer }, 'warned', 'compliant'],
  ['container, blocks in time', { policies: rule({ on_unknown: 'block' }), readings: inContainer }, 'grace', 'grace'],
  ...(['allow', 'warn', 'block'] as const).flatMap((onUnknown): [string, Given, string, string][] =>
    Object.entries({ blind, claim, inContainer, silent: {} }).flatMap(([name, readings]) => [
      [
        `last seen failing, ${name} now, on_unknown ${onUnknown}: still in its time`,
        { policies: rule({ on_unknown: onUnknown }), readings, since: failed(noon - day) },
        'grace',
        'grace',
      ],
      [
        `last seen failing, ${name} now, on_unknown ${onUnknown}: blocked at the same deadline`,
        { policies: rule({ on_unknown: onUnknown }), readings, since: failed(noon - 7 * day) },
        'blocked',
        'non-compliant',
      ],
      [
        `last seen failing, ${name} now, on_unknown ${onUnknown}, never blocks: says so`,
        { policies: rule({ on_unknown: onUnknown, time_to_fix: 'never' }), readings, since: failed(0) },
        'warned',
        'compliant',
      ],
    ]),
  ),
  [
    'last seen failing, blind now, excepted',
    { readings: blind, since: failed(0), waivers: [waiver(noon + 1)] },
    'excepted',
    'compliant',
  ],
  [
    'excepted: a claim that would block',
    { policies: rule({ on_unsupported: 'block', time_to_fix: 0 }), readings: claim, waivers: [waiver(noon + hour)] },
    'excepted',
    'compliant',
  ],
  [
    'excepted: a millisecond before the end',
    { readings: firewallOff, since: failed(0), waivers: [waiver(noon + 1)] },
    'excepted',
    'compliant',
  ],
  [
    'excepted no more: at the end',
    { readings: firewallOff, since: failed(0), waivers: [waiver(noon)] },
    'blocked',
    'non-compliant',
  ],
  ['excepted no more, but still in its time', { readings: firewallOff, waivers: [waiver(noon)] }, 'grace', 'grace'],
  [
    'excepted: an unknown that would block',
    { policies: rule({ on_unknown: 'block', time_to_fix: 0 }), readings: blind, waivers: [waiver(noon + hour)] },
    'excepted',
    'compliant',
  ],
  ['a pass needs no exception', { waivers: [waiver(noon + hour)] }, 'fine', 'compliant'],
  ['a millisecond before it goes stale', { evidenceAt: noon - hour + 1 }, 'fine', 'compliant'],
  ['stale', { evidenceAt: noon - hour }, 'fine', 'stale'],
  [
    'stale evidence supports nothing, not even a refusal',
    { evidenceAt: noon - hour, readings: firewallOff, since: failed(0) },
    'blocked',
    'stale',
  ],
];

for (const [name, given, standing, status] of matrix) {
  test(name, () => {
    const { verdict, rule: result, life } = verdictOf(given);
    assert.equal(result?.standing, standing);
    assert.equal(verdict.status, status);
    assert.equal(life > 0, status === 'compliant' || status === 'grace');
  });
}

test('a failing rule says since when, until when, what was seen and what to do', () => {
  const policies = rule({
    fix: { default: 'Turn it on.', linux: 'sudo ufw enable' },
    link: { default: 'https://example.org/fix', windows: 'ms-settings:windowsdefender' },
  });
  const { rule: result } = verdictOf({ policies, readings: firewallOff, since: failed(noon - day) });
  assert.equal(result?.since, '2026-11-17T12:00:00.000Z');
  assert.equal(result?.deadline, '2026-11-24T12:00:00.000Z');
  assert.equal(result?.observed, 'enabled: no, provider: ufw');
  assert.deepEqual(result?.fix, { text: 'sudo ufw enable', link: 'https://example.org/fix' });
});

test('a word for the outcome is true to what was seen', () => {
  const outcomeOf = (given: Given) => verdictOf(given).rule?.outcome;
  assert.equal(outcomeOf({ readings: claim }), 'not-applicable');
  assert.equal(outcomeOf({ readings: claim, policies: rule({ on_unsupported: 'block' }) }), 'unknown');
  assert.equal(outcomeOf({ readings: claim, since: failed(0) }), 'unknown');
  assert.equal(outcomeOf({ readings: blind, since: failed(0) }), 'unknown');
});

test('a passing rule has nothing to fix', () => {
  const { rule: result } = verdictOf({ policies: rule({ fix: { default: 'Turn it on.' } }), since: failed(0) });
  assert.deepEqual([result?.fix, result?.since, result?.deadline], [null, null, null]);
});

test('an excepted rule blocks when the exception ends or its time is over, whichever is later', () => {
  const deadline = (since: number, expiresAt: number) =>
    fromTimestamp(
      verdictOf({ readings: firewallOff, since: failed(since), waivers: [waiver(expiresAt)] }).rule?.deadline ?? '',
    );
  assert.equal(deadline(0, noon + hour), noon + hour);
  assert.equal(deadline(noon, noon + hour), noon + 7 * day);
});

test('the strictest policy wins, in status, freshness and life of a token', () => {
  const strict = aPolicy([aRule({ time_to_fix: 0 })], { policy: 'strict', max_age: '10m', token_life: '1m' });
  const given = { policies: [aPolicy(), strict] };
  assert.equal(verdictOf({ ...given, readings: firewallOff }).verdict.status, 'non-compliant');
  const { verdict, life } = verdictOf(given);
  assert.equal(fromTimestamp(verdict.validUntil), noon + 10 * minute);
  assert.equal(life, minute);
  assert.deepEqual(verdict.policies, [
    { name: 'test', version: 1 },
    { name: 'strict', version: 1 },
  ]);
});

test('a policy that does not apply has no say', () => {
  const other = aPolicy([aRule()], { policy: 'other', max_age: '1m', applies_to: { platforms: ['macos'] } });
  const { verdict } = verdictOf({ policies: [aPolicy(), other], evidenceAt: noon - 30 * minute });
  assert.equal(verdict.status, 'compliant');
});

test('a device that no policy covers is not trusted, and is told so', () => {
  for (const policies of [[], [aPolicy([aRule()], { applies_to: { platforms: ['macos'] } })]]) {
    const { verdict, rule: result, life } = verdictOf({ policies });
    assert.equal(verdict.status, 'non-compliant');
    assert.match(result?.reason ?? '', /No published policy covers/);
    assert.equal(life, 0);
  }
});

const lives: [string, Given, number][] = [
  ['the policy', {}, 5 * minute],
  ['the evidence', { evidenceAt: noon - hour + 7 * second }, 7 * second],
  [
    'the end of the exception',
    { readings: firewallOff, since: failed(0), waivers: [waiver(noon + 9 * second)] },
    9 * second,
  ],
  [
    'the deadline of a rule in grace',
    { readings: firewallOff, since: failed(noon - 7 * day + 3 * second) },
    3 * second,
  ],
];

for (const [name, given, expected] of lives) {
  test(`a token lives no longer than ${name} allows`, () => assert.equal(verdictOf(given).life, expected));
}
