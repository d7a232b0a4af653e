import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@postern/shared/canonical';
import type { Readings } from '@postern/shared/protocol/reading';
import { evaluateAll } from './testing/evaluate.ts';
import {
  aPolicy,
  aRule,
  anException,
  firewallOff,
  firewallOn,
  noon,
  ok,
  unknown,
  unsupported,
} from './testing/given.ts';
import type { CompiledPolicy, ExceptionFacts, FailingSince } from './types.ts';
import { isLive, isResolved, voidCause, waiversFor } from './waive.ts';

const policy = aPolicy();

function findingsOf(readings: Readings, policies: CompiledPolicy[] = [policy], failingSince: FailingSince = {}) {
  return evaluateAll({ policies, readings, platform: 'linux', failingSince, now: noon });
}

const approved = anException(findingsOf(firewallOff));
const seenFailing: FailingSince = { 'test/firewall': { since: noon, failed: true } };

function waives(
  exception: ExceptionFacts,
  asked: {
    resource?: string | null;
    readings?: Readings;
    since?: FailingSince;
    policies?: CompiledPolicy[];
    jkt?: string;
    personId?: string;
    deviceId?: string;
    groups?: readonly string[];
    now?: number;
  } = {},
) {
  const {
    resource = 'https://wiki',
    readings = firewallOff,
    since,
    policies,
    jkt = 'key',
    personId = 'anna',
    deviceId = 'laptop',
    groups = [],
    now = noon,
  } = asked;
  return (
    waiversFor({
      exceptions: [exception],
      findings: findingsOf(readings, policies, since),
      resource,
      jkt,
      personId,
      groups,
      deviceId,
      now,
    }).length === 1
  );
}

const matrix: [string, boolean, Partial<ExceptionFacts>, Parameters<typeof waives>[1]?][] = [
  ['ok: approved, in its time, same person, device, key, rule and posture', true, {}],
  ['ok: also for the device as such', true, {}, { resource: null }],
  ['ok: at the moment of approval', true, { approvedAt: noon }],
  ['nok: not approved', false, { approvedAt: null }],
  ['nok: approved from later on', false, { approvedAt: noon + 1 }],
  ['nok: at its end', false, { expiresAt: noon }],
  ['nok: without an end', false, { expiresAt: null }],
  ['nok: ended', false, { endedAt: noon - 1 }],
  ...[
    'pending',
    'denied',
    'withdrawn',
    'lapsed',
    'expired',
    'revoked',
    'relinquished',
    'resolved',
    'superseded',
    'voided',
    '',
  ].map((state): [string, boolean, Partial<ExceptionFacts>] => [`nok: ${state || 'no state'}`, false, { state }]),
  ['nok: another person', false, {}, { personId: 'ben' }],
  ['nok: another device', false, {}, { deviceId: 'tower' }],
  ['nok: another key', false, {}, { jkt: 'other' }],
  ['nok: another rule', false, { rules: ['test/other'] }],
  ['nok: the rule was not looked at when it was approved', false, { observed: {} }],
  ['ok: for this resource', true, { resources: ['https://vault', 'https://wiki'] }],
  ['nok: for another resource', false, { resources: ['https://vault'] }],
  ['nok: for a resource, and none is asked about', false, { resources: ['https://wiki'] }, { resource: null }],
  [
    'nok: the rule demands more now',
    false,
    {},
    { policies: [aPolicy([aRule({ require: 'value.enabled && has(value.profiles)' })], {}, 2)] },
  ],
  ['nok: the rule allows no exception now', false, {}, { policies: [aPolicy([aRule({ exceptions: false })], {}, 2)] }],
  [
    'ok: a new version that says it in other words',
    true,
    {},
    { policies: [aPolicy([aRule({ title: 'Fire wall', severity: 'low', time_to_fix: '1h' })], {}, 2)] },
  ],
  ['nok: nothing to waive, the rule passes', false, {}, { readings: firewallOn }],
  ['nok: nothing to waive, an unknown only warns', false, {}, { readings: { firewall: unknown() } }],
  ['ok: an unknown after a failure', true, {}, { readings: { firewall: unknown() }, since: seenFailing }],
  ['ok: nothing reported after a failure', true, {}, { readings: {}, since: seenFailing }],
  ['ok: a claim after a failure', true, {}, { readings: { firewall: unsupported() }, since: seenFailing }],
  ['nok: a claim that is taken', false, {}, { readings: { firewall: unsupported() } }],
  [
    'nok: claims are not taken any more',
    false,
    {},
    { policies: [aPolicy([aRule({ on_unsupported: 'block' })], {}, 2)] },
  ],
];

for (const [name, expected, exception, asked] of matrix) {
  test(name, () => assert.equal(waives({ ...approved, ...exception }, asked), expected));
}

test('a claim that blocks can be excepted, and the exception ends when it proves to be a failure', () => {
  const policies = [aPolicy([aRule({ on_unsupported: 'block' })])];
  const claim = { firewall: unsupported('hardware-absent') };
  const exception = anException(findingsOf(claim, policies));
  assert.equal(waives(exception, { policies, readings: claim }), true);
  assert.equal(waives(exception, { policies, readings: firewallOff }), false);
});

test('who is no longer in a group that the policy allows exceptions to is waived nothing, until they are again', () => {
  const exceptions = { max_duration: '8h', max_total: '12h', approvals: 1, groups: ['engineering'] };
  const policies = [aPolicy([aRule({ exceptions })])];
  const exception = anException(findingsOf(firewallOff, policies));
  assert.equal(waives(exception, { policies, groups: ['sales', 'engineering'] }), true);
  assert.equal(waives(exception, { policies, groups: ['sales'] }), false);
  assert.equal(waives(exception, { policies, groups: [] }), false);
});

test('of two that are live the longer one counts', () => {
  const longer = { ...approved, id: 'exc_00000000000000000000000000000002', expiresAt: noon + 9_000_000 };
  for (const exceptions of [
    [approved, longer],
    [longer, approved],
  ]) {
    const waivers = waiversFor({
      exceptions,
      findings: findingsOf(firewallOff),
      resource: null,
      jkt: 'key',
      personId: 'anna',
      groups: [],
      deviceId: 'laptop',
      now: noon,
    });
    assert.deepEqual(waivers, [{ exceptionId: longer.id, rule: 'test/firewall', expiresAt: longer.expiresAt }]);
  }
});

test('live is a matter of approval and time alone', () => {
  assert.equal(isLive(approved, noon), true);
  assert.equal(isLive(approved, (approved.expiresAt ?? 0) - 1), true);
  assert.equal(isLive(approved, approved.expiresAt ?? 0), false);
});

const strictPolicy = aPolicy([
  aRule({ id: 'disk', check: 'disk-encryption', require: 'value.state == "full"', on_unknown: 'block' }),
  aRule({ on_unknown: 'block' }),
]);

function disk(state: string, plain: string[]): Readings {
  const volumes: Json = plain.map((mount) => ({ mount, encrypted: false, method: null }));
  return { ...firewallOff, 'disk-encryption': ok({ state, volumes }) };
}

const postures: [string, Readings, Readings, string | null][] = [
  ['the same', disk('partial', ['/home']), disk('partial', ['/home']), null],
  ['better', disk('partial', ['/home', '/data']), disk('partial', ['/home']), null],
  ['a worse state', disk('partial', ['/home']), disk('none', ['/home']), 'posture-worse'],
  ['another volume is plain', disk('partial', ['/home']), disk('partial', ['/data']), 'posture-worse'],
  [
    'unknown then, failing now',
    { ...firewallOff, 'disk-encryption': unknown() },
    disk('partial', ['/home']),
    'posture-worse',
  ],
  ['failing then, unknown now', disk('partial', ['/home']), { ...firewallOff, 'disk-encryption': unknown() }, null],
  ['passing now', disk('partial', ['/home']), disk('full', []), null],
  [
    'a value that cannot be compared',
    disk('partial', ['/home']),
    { ...firewallOff, 'disk-encryption': ok({ state: 'odd', volumes: [] }) },
    'posture-worse',
  ],
];

for (const [name, before, after, cause] of postures) {
  test(`posture since the approval: ${name} (${cause ?? 'holds'})`, () => {
    const exception = anException(findingsOf(before, [strictPolicy]), { rules: ['test/disk', 'test/firewall'] });
    const findings = findingsOf(after, [strictPolicy]);
    const holder = { findings, personId: 'anna', deviceId: 'laptop', jkt: 'key', now: noon };
    assert.equal(voidCause({ ...holder, exception })?.cause ?? null, cause);
    const waived = waiversFor({ ...holder, groups: [], exceptions: [exception], resource: null }).map(
      ({ rule }) => rule,
    );
    assert.equal(waived.includes('test/firewall'), cause === null, 'one cause ends the whole exception');
  });
}

test('why an exception does not hold is told in a word and a sentence', () => {
  const holder = { findings: findingsOf(firewallOff), personId: 'anna', deviceId: 'laptop', jkt: 'key', now: noon };
  assert.equal(voidCause({ ...holder, exception: approved }), null);
  assert.equal(voidCause({ ...holder, exception: approved, jkt: 'x' })?.cause, 'key-changed');
  assert.equal(voidCause({ ...holder, exception: approved, personId: 'x' })?.cause, 'owner-changed');
  assert.equal(voidCause({ ...holder, exception: approved, findings: [] })?.cause, 'rule-gone');
  const raised = findingsOf(firewallOff, [aPolicy([aRule({ on_unknown: 'block' })])]);
  assert.deepEqual(voidCause({ ...holder, exception: approved, findings: raised }), {
    cause: 'rule-changed',
    rule: 'test/firewall',
    sentence: 'The policy demands something else for "Firewall" now.',
  });
});

test('an exception is resolved when all of its rules pass by themselves, and unknown is no pass', () => {
  assert.equal(isResolved(approved, findingsOf(firewallOn)), true);
  assert.equal(isResolved(approved, findingsOf(firewallOff)), false);
  assert.equal(isResolved(approved, findingsOf({ firewall: unknown() })), false);
  assert.equal(isResolved(approved, []), false);
  const two = findingsOf({ ...firewallOn, 'disk-encryption': unknown() }, [strictPolicy]);
  assert.equal(isResolved({ rules: ['test/firewall', 'test/disk'] }, two), false);
});
