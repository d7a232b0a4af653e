import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Readings } from '@postern/shared/protocol/reading';
import { type Verdict, verdictSchema } from '@postern/shared/protocol/verdict';
import { day, fromTimestamp, hour, minute } from '@postern/shared/time';
import { trackFailing } from './failing-since.ts';
import { judge } from './judge.ts';
import { evaluate } from './testing/evaluate.ts';
import { aPolicy, anException, aRule, firewallOff, firewallOn, noon, unknown } from './testing/given.ts';
import { tokenLife } from './token-life.ts';
import type { CompiledPolicy, FailingSince, RuleFinding } from './types.ts';
import { waiversFor } from './waive.ts';

const strict = { time_to_fix: 0, on_unknown: 'block', on_unsupported: 'block' };
const enforced = aPolicy([aRule({ id: 'other', check: 'uptime', require: 'true', on_unknown: 'allow' })]);
const watching: [string, CompiledPolicy][] = [
  ['a rule that only reports', aPolicy([aRule({ ...strict, report_only: true })], { policy: 'watch' })],
  ['a policy that only reports', aPolicy([aRule(strict)], { policy: 'watch', enforcement: 'report-only' })],
];

function judged(policies: CompiledPolicy[], readings: Readings, since: FailingSince = {}, evidenceAt = noon) {
  const findings = evaluate({ policies, readings, failingSince: since, resource: null, now: noon });
  const verdict = judge({ findings, failingSince: since, waivers: [], policies, evidenceAt, now: noon });
  verdictSchema.parse(verdict);
  return { verdict, findings, life: tokenLife({ policies, verdict, waivers: [], now: noon }) };
}

function resultOf({ rules }: Verdict, policy = 'watch') {
  const found = rules.find((rule) => rule.policy === policy);
  assert.ok(found);
  return found;
}

for (const [name, policy] of watching) {
  for (const [seen, readings] of [
    ['fails', firewallOff],
    ['is unknown, which would block', { firewall: unknown() }],
  ] as const) {
    test(`${name} ${seen}: shown, without a deadline, and the device is compliant`, () => {
      const since = { 'watch/firewall': { since: 0, failed: true } };
      const { verdict } = judged([enforced, policy], readings, since);
      assert.equal(verdict.status, 'compliant');
      assert.deepEqual(verdict.because, []);
      const { standing, reportOnly, deadline, warnAt, stage, since: from } = resultOf(verdict);
      assert.deepEqual([standing, reportOnly, deadline, warnAt, stage], ['reported', true, null, null, null]);
      assert.equal(fromTimestamp(from ?? ''), 0);
    });
  }

  test(`${name} passes: fine as any other`, () => {
    assert.equal(resultOf(judged([enforced, policy], firewallOn).verdict).standing, 'fine');
  });

  test(`${name} needs no exception, and none is used up on it`, () => {
    const { findings } = judged([enforced, policy], firewallOff);
    const exceptions = [anException(findings, { rules: ['watch/firewall'] })];
    const holder = { findings, personId: 'anna', deviceId: 'laptop', jkt: 'key', resource: null, now: noon };
    assert.deepEqual(waiversFor({ ...holder, groups: [], exceptions }), []);
  });
}

test('max_age and token_life of a policy that only reports bind nothing', () => {
  const hasty = aPolicy([aRule()], {
    policy: 'watch',
    enforcement: 'report-only',
    max_age: '1m',
    token_life: '30s',
  });
  const { verdict, life } = judged([enforced, hasty], firewallOn, {}, noon - 30 * minute);
  assert.equal(verdict.status, 'compliant');
  assert.equal(fromTimestamp(verdict.validUntil), noon + 30 * minute);
  assert.equal(life, 5 * minute);
  assert.deepEqual(
    verdict.policies.map(({ name }) => name),
    ['test', 'watch'],
  );
});

test('a policy that only reports covers nobody: it has no say, for better or worse', () => {
  const { verdict, life } = judged([aPolicy([aRule()], { enforcement: 'report-only' })], firewallOn);
  assert.equal(verdict.status, 'non-compliant');
  assert.deepEqual(verdict.because, ['none/covered']);
  assert.match(resultOf(verdict, 'none').reason ?? '', /Only policies that report and do not enforce/);
  assert.equal(life, 0);
});

test('a policy of which every rule only reports covers all the same: it has a say, and says nothing', () => {
  assert.equal(judged([aPolicy([aRule({ report_only: true })])], firewallOff).verdict.status, 'compliant');
});

test('who failed while it was only reported has all the time to fix from the moment it is enforced', () => {
  const watched = aPolicy([aRule()], { enforcement: 'report-only' });
  const before = judged([watched], firewallOff).findings;
  const remembered = trackFailing({}, before, noon - 30 * day);
  const now = judged([aPolicy()], firewallOff, remembered);
  assert.equal(now.verdict.status, 'grace');
  const { deadline, since } = resultOf(now.verdict, 'test');
  assert.equal(fromTimestamp(deadline ?? ''), noon + 7 * day);
  assert.equal(fromTimestamp(since ?? ''), noon - 30 * day);
});

const stages: [string, number, string, string][] = [
  ['told from the first failure on', 0, 'grace', 'notify'],
  ['a moment before the warning', 5 * day - 1, 'grace', 'notify'],
  ['warned in earnest', 5 * day, 'grace', 'warn'],
  ['a moment before it blocks', 7 * day - 1, 'grace', 'warn'],
  ['blocked', 7 * day, 'blocked', 'block'],
];

function staged(age: number, waiver?: number): RuleResultOf {
  const policies = [aPolicy([aRule({ warn_before: '2d' })])];
  const failingSince = { 'test/firewall': { since: noon - age, failed: true } };
  const findings: RuleFinding[] = evaluate({
    policies,
    readings: firewallOff,
    failingSince,
    resource: null,
    now: noon,
  });
  const exceptionId = 'exc_00000000000000000000000000000001';
  const waivers = waiver === undefined ? [] : [{ exceptionId, rule: 'test/firewall', expiresAt: waiver }];
  return resultOf(judge({ findings, failingSince, waivers, policies, evidenceAt: noon, now: noon }), 'test');
}
type RuleResultOf = ReturnType<typeof resultOf>;

for (const [name, age, standing, stage] of stages) {
  test(`stages of grace: ${name}`, () => {
    const rule = staged(age);
    assert.deepEqual([rule.standing, rule.stage], [standing, stage]);
    assert.equal(fromTimestamp(rule.warnAt ?? ''), fromTimestamp(rule.deadline ?? '') - 2 * day);
  });
}

test('who is excepted is warned before that ends', () => {
  assert.deepEqual(
    [staged(9 * day, noon + 3 * day).standing, staged(9 * day, noon + 3 * day).stage],
    ['excepted', 'notify'],
  );
  assert.deepEqual([staged(9 * day, noon + hour).standing, staged(9 * day, noon + hour).stage], ['excepted', 'warn']);
  assert.deepEqual([staged(9 * day, noon).standing, staged(9 * day, noon).stage], ['blocked', 'block']);
});

test('the verdict says which rules of which policies make it what it is: the strictest', () => {
  const policies = [
    aPolicy([aRule(), aRule({ id: 'slow', time_to_fix: '30d' }), aRule({ id: 'quiet', time_to_fix: 'never' })]),
    aPolicy([aRule({ time_to_fix: 0 })], { policy: 'strict' }),
    aPolicy([aRule({ time_to_fix: 0 })], { policy: 'watch', enforcement: 'report-only' }),
  ];
  assert.deepEqual(judged(policies, firewallOff).verdict.because, ['strict/firewall']);
  assert.deepEqual(judged(policies.slice(0, 1), firewallOff).verdict.because, ['test/firewall', 'test/slow']);
  assert.deepEqual(judged(policies, firewallOn).verdict.because, []);
  const stale = judged(policies, firewallOff, {}, noon - day).verdict;
  assert.deepEqual([stale.status, stale.because], ['stale', []]);
});

test('a reading that a brake holds back is judged by the one before, and says so', () => {
  const brake = {
    id: 'brk_00000000000000000000000000000001',
    check: 'firewall',
    platform: 'linux',
    build: '6.1',
    flipsSince: noon - hour,
    endsAt: noon + hour,
  } as const;
  const policies = [aPolicy([aRule({ time_to_fix: 0 })])];
  const held = new Map([['firewall', brake]]);
  const findings = evaluate({ policies, readings: firewallOn, failingSince: {}, resource: null, now: noon, held });
  const verdict = judge({ findings, failingSince: {}, waivers: [], policies, evidenceAt: noon, now: noon });
  assert.equal(verdict.status, 'compliant');
  assert.deepEqual(resultOf(verdict, 'test').held, { brake: brake.id, until: '2026-11-18T13:00:00.000Z' });
  assert.ok(tokenLife({ policies, verdict, waivers: [], now: noon }) <= hour);
});
