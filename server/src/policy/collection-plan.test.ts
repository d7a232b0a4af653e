import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectionPlanSchema } from '@postern/shared/protocol/collection-plan';
import { collectionPlan, type IdentifierWish } from './collection-plan.ts';
import type { Subject } from './subject.ts';
import { aRulebook, aSubject } from './testing/evaluate.ts';
import { aPolicy, aRule } from './testing/given.ts';
import type { CompiledPolicy } from './types.ts';

const off: IdentifierWish = { identifiers: 'off', identifierKey: 'k' };

function planOf(policies: CompiledPolicy[], subject: Partial<Subject> = {}, wish: IdentifierWish = off) {
  return collectionPlanSchema.parse(collectionPlan(aRulebook({ policies }), aSubject(subject), wish));
}

const disk = { id: 'disk', check: 'disk-encryption', require: 'value.state == "full"' };
const lookAt = (id: string, targets: Record<string, string[]>) =>
  aRule({ id, check: 'files', require: 'value.files.all(f, f.state == "present")', targets });

test('nothing is collected that no policy uses, beside which system it is', () => {
  assert.deepEqual(planOf([]).checks, ['os-version']);
  assert.deepEqual(planOf([aPolicy([aRule(), aRule(disk)])]).checks, ['os-version', 'disk-encryption', 'firewall']);
});

const used: [string, Record<string, unknown>, Record<string, unknown>, boolean][] = [
  ['a rule for this system', { platforms: ['linux'] }, {}, true],
  ['a rule for another system', { platforms: ['macos'] }, {}, false],
  ['a policy for another system', {}, { applies_to: { platforms: ['macos'] } }, false],
  ['a policy for other people', {}, { applies_to: { groups: ['Sales'] } }, false],
  ['a policy for some resources', {}, { applies_to: { resources: ['https://vault'] } }, true],
  ['a policy that only reports', {}, { enforcement: 'report-only' }, true],
  ['a rule that only reports', { report_only: true }, {}, true],
  ['a condition that does not hold', { when: 'device.ownership == "personal"' }, {}, false],
  ['a condition that holds', { when: 'device.ownership == "corporate"' }, {}, true],
  ['a condition on what is asked for', { when: 'resource.tier == "critical"' }, {}, true],
  ['a condition on the clock, which may hold next week', { when: 'now > timestamp("2099-01-01T00:00:00Z")' }, {}, true],
];

for (const [name, rule, policy, expected] of used) {
  test(`${name}: ${expected ? 'collected' : 'not collected'}`, () => {
    assert.equal(planOf([aPolicy([aRule(rule)], policy)]).checks.includes('firewall'), expected);
  });
}

test('paths are those of this system, once each, from all policies', () => {
  const one = aPolicy([
    lookAt('a', { linux: ['/z', '/a'], windows: ['C:\\x'] }),
    lookAt('b', { default: ['/a', '/m'] }),
  ]);
  const other = aPolicy([lookAt('a', { linux: ['/b'] })], { policy: 'other' });
  assert.deepEqual(planOf([one, other]).targets, { files: ['/a', '/b', '/m', '/z'] });
  const mac = planOf([other], { platform: 'macos' });
  assert.deepEqual([mac.targets, mac.checks], [{}, ['os-version']]);
});

test('however many paths policies name, a plan stays one that is accepted', () => {
  const policies = ['a', 'b', 'c'].map((name) =>
    aPolicy([lookAt('f', { linux: Array.from({ length: 32 }, (_, index) => `/${name}${index}`) })], { policy: name }),
  );
  assert.equal(planOf(policies).targets['files']?.length, 64);
});

test('readings are as fresh as the strictest policy that is enforced asks', () => {
  const hasty = { max_age: '5m' };
  assert.equal(planOf([aPolicy(), aPolicy([aRule()], hasty)]).maxReadingAgeSeconds, 300);
  const watched = aPolicy([aRule()], { ...hasty, enforcement: 'report-only' });
  assert.equal(planOf([aPolicy(), watched]).maxReadingAgeSeconds, 3600);
});

test('identifiers are collected as wished, or where a rule uses them', () => {
  const identifying = aPolicy([aRule({ check: 'identifiers', require: 'value.model != null' })]);
  const key = 'k'.repeat(43);
  const told = (policies: CompiledPolicy[], wish: IdentifierWish) => {
    const { checks, identifierKey } = planOf(policies, {}, wish);
    return [checks.includes('identifiers'), identifierKey];
  };
  assert.deepEqual(told([], off), [false, null]);
  assert.deepEqual(told([identifying], off), [true, null]);
  assert.deepEqual(told([], { identifiers: 'plain', identifierKey: key }), [true, null]);
  assert.deepEqual(told([], { identifiers: 'keyed', identifierKey: key }), [true, key]);
});
