import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRule } from '@postern/shared/protocol/policy';
import type { Readings, UnsupportedReason } from '@postern/shared/protocol/reading';
import { describeValue } from './describe-value.ts';
import { evaluate, evaluateAll } from './testing/evaluate.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, ok, unknown, unsupported } from './testing/given.ts';
import type { CompiledPolicy, FailingSince, RuleFinding } from './types.ts';

const doubt = 'Only the device says so, and the policy wants to see it.';

const device = { platform: 'linux', failingSince: {}, now: noon } as const;

function one(policy: CompiledPolicy, readings: Readings, failingSince: FailingSince = {}) {
  const [finding, ...rest] = evaluate({ ...device, policies: [policy], readings, failingSince, resource: null });
  assert.ok(finding);
  assert.deepEqual(rest, []);
  return finding;
}

test('ok: a reading that meets the rule passes', () => {
  const finding = one(aPolicy(), firewallOn);
  assert.equal(finding.outcome, 'pass');
  assert.equal(finding.observed, 'enabled: yes, provider: ufw');
  assert.equal(finding.reason, null);
});

test('nok: a reading that does not meet it fails', () => {
  assert.equal(one(aPolicy(), firewallOff).outcome, 'fail');
});

test('unknown: the device could not tell, and the reason says why', () => {
  const finding = one(aPolicy(), { firewall: unknown() });
  assert.equal(finding.outcome, 'unknown');
  assert.equal(finding.reason, 'The agent may not read this: it lacks the permission. (cannot open /dev/x)');
  assert.equal(finding.observed, null);
});

test('unknown: the device said nothing', () => {
  const finding = one(aPolicy(), {});
  assert.equal(finding.outcome, 'unknown');
  assert.match(finding.reason ?? '', /did not report this/);
});

test('unknown: what was reported is not enough to decide', () => {
  const finding = one(aPolicy([aRule({ require: 'value.profiles.all(p, value.profiles[p])' })]), firewallOn);
  assert.equal(finding.outcome, 'unknown');
  assert.equal(finding.reason, 'What the device reported is not enough to decide this (No such key: profiles).');
  assert.equal(finding.observed, 'enabled: yes, provider: ufw');
});

const claims: [UnsupportedReason, PolicyRule['on_unsupported'], RuleFinding['outcome'], string, string][] = [
  ['platform', 'skip', 'not-applicable', 'skip', 'This does not exist on this system.'],
  ['hardware-absent', 'skip', 'not-applicable', 'skip', 'The device does not have the hardware for it.'],
  ['platform', 'warn', 'unknown', 'warn', `This does not exist on this system. ${doubt}`],
  ['hardware-absent', 'warn', 'unknown', 'warn', `The device does not have the hardware for it. ${doubt}`],
  ['platform', 'block', 'unknown', 'block', `This does not exist on this system. ${doubt}`],
  ['hardware-absent', 'block', 'unknown', 'block', `The device does not have the hardware for it. ${doubt}`],
  ...(['skip', 'warn', 'block'] as const).flatMap((taken): typeof claims => [
    ['container', taken, 'unknown', 'allow', 'The device is a container or a subsystem; its host decides this.'],
    ['edition', taken, 'unknown', 'allow', 'This edition of the system does not have it.'],
  ]),
];

for (const [reason, onUnsupported, outcome, unanswered, said] of claims) {
  test(`unsupported for ${reason}, to be taken as ${onUnsupported}: ${outcome}, taken as ${unanswered}`, () => {
    const policy = aPolicy([aRule({ on_unknown: 'allow', on_unsupported: onUnsupported })]);
    const finding = one(policy, { firewall: unsupported(reason) });
    assert.deepEqual([finding.outcome, finding.unanswered, finding.reason], [outcome, unanswered, said]);
  });
}

const silences: [string, Readings][] = [
  ['unknown', { firewall: unknown() }],
  ['not reported', {}],
  ['not enough to decide', { firewall: ok({ provider: 'ufw' }) }],
  ['unsupported', { firewall: unsupported() }],
  ['in a container', { firewall: unsupported('container') }],
];

for (const [name, readings] of silences) {
  for (const onUnknown of ['allow', 'warn', 'block']) {
    test(`${name} after a failure: taken as failing although on_unknown says ${onUnknown}, and the reason says so`, () => {
      const policy = aPolicy([aRule({ on_unknown: onUnknown })]);
      const finding = one(policy, readings, { 'test/firewall': { since: noon, failed: true } });
      assert.equal(finding.outcome, 'unknown');
      assert.equal(finding.unanswered, 'block');
      assert.match(
        finding.reason ?? '',
        / It was last seen failing, and counts as failing until it is seen to pass\.$/,
      );
      const before = one(policy, readings, { 'test/firewall': { since: noon, failed: false } });
      assert.equal(before.unanswered, name === 'unsupported' ? 'skip' : onUnknown);
      assert.doesNotMatch(before.reason ?? '', /last seen failing/);
    });
  }
}

test('an answer is an answer, whatever was seen before', () => {
  const failed = { 'test/firewall': { since: noon, failed: true } };
  const told = [firewallOn, firewallOff].map((readings) => one(aPolicy(), readings, failed));
  assert.deepEqual(
    told.map(({ outcome, unanswered, reason }) => [outcome, unanswered, reason]),
    [
      ['pass', null, null],
      ['fail', null, null],
    ],
  );
});

test('not applicable: the rule is for another system', () => {
  const failed = { 'test/firewall': { since: noon, failed: true } };
  const finding = one(aPolicy([aRule({ platforms: ['macos', 'windows'] })]), firewallOff, failed);
  assert.equal(finding.outcome, 'not-applicable');
  assert.equal(finding.reason, 'The rule is for macos and windows only.');
});

test('a policy for other systems says nothing', () => {
  const policies = [aPolicy([aRule()], { applies_to: { platforms: ['macos'] } })];
  assert.deepEqual(evaluate({ ...device, policies, readings: firewallOff, resource: null }), []);
});

test('a policy for a resource counts when it is asked for, and always where deadlines are kept', () => {
  const policies = [aPolicy([aRule()], { applies_to: { resources: ['https://vault'] } })];
  const about = (resource: string | null) => evaluate({ ...device, policies, readings: firewallOff, resource }).length;
  assert.equal(about('https://vault'), 1);
  assert.equal(about('https://wiki'), 0);
  assert.equal(about(null), 0);
  assert.equal(evaluateAll({ ...device, policies, readings: firewallOff }).length, 1);
});

test('what was observed is one short line without characters that could mislead', () => {
  assert.equal(
    describeValue({ provider: 'a\u202eb\u0000\nc\u200bd\u001b[31m', list: ['x', 'y'], none: [], gone: null }),
    'provider: a b c d [31m, list: (x, y), none: none, gone: –',
  );
  const long = describeValue({ text: '💥'.repeat(500) });
  assert.equal(Array.from(long).length, 200);
  assert.ok(long.isWellFormed());
});

test('a hostile text in a reason stays a line', () => {
  const reading = { ...unknown(), detail: `x\r\n${'y'.repeat(900)}` };
  const { reason } = one(aPolicy(), { firewall: reading });
  assert.ok(reason !== null && reason.length < 300 && !/[\r\n]/.test(reason));
});

test('a value nested beyond all measure is unknown or described, never a crash', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
  assert.equal(one(aPolicy(), { firewall: ok({ enabled: true, provider: deep }) }).policy.name, 'test');
});
