import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Readings } from '@postern/shared/protocol/reading';
import { describeValue } from './describe-value.ts';
import { evaluate, evaluateAll } from './evaluate.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, ok, unknown, unsupported } from './testing/given.ts';
import type { CompiledPolicy } from './types.ts';

function one(policy: CompiledPolicy, readings: Readings) {
  const [finding, ...rest] = evaluate({ policies: [policy], readings, platform: 'linux', resource: null, now: noon });
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

test('not applicable: the device cannot have it', () => {
  const finding = one(aPolicy(), { firewall: unsupported() });
  assert.equal(finding.outcome, 'not-applicable');
  assert.equal(finding.reason, 'The device is a container or a subsystem; its host decides this.');
});

test('not applicable: the rule is for another system', () => {
  const finding = one(aPolicy([aRule({ platforms: ['macos', 'windows'] })]), firewallOff);
  assert.equal(finding.outcome, 'not-applicable');
  assert.equal(finding.reason, 'The rule is for macos and windows only.');
});

test('a policy for other systems says nothing', () => {
  const policies = [aPolicy([aRule()], { applies_to: { platforms: ['macos'] } })];
  assert.deepEqual(evaluate({ policies, readings: firewallOff, platform: 'linux', resource: null, now: noon }), []);
});

test('a policy for a resource counts when it is asked for, and always where deadlines are kept', () => {
  const policies = [aPolicy([aRule()], { applies_to: { resources: ['https://vault'] } })];
  const about = (resource: string | null) =>
    evaluate({ policies, readings: firewallOff, platform: 'linux', resource, now: noon }).length;
  assert.equal(about('https://vault'), 1);
  assert.equal(about('https://wiki'), 0);
  assert.equal(about(null), 0);
  assert.equal(evaluateAll({ policies, readings: firewallOff, platform: 'linux', now: noon }).length, 1);
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
