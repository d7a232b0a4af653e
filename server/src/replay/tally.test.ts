import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaySummarySchema } from '@postern/shared/protocol/policy-replay';
import type { Readings } from '@postern/shared/protocol/reading';
import { aPolicy, aRule, firewallOff, firewallOn, noon, unknown } from '../policy/testing/given.ts';
import type { CompiledPolicy } from '../policy/types.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { replayDevice } from './replay-device.ts';
import { Tally } from './tally.ts';
import { compared, someFacts } from './testing/given.ts';

const lax = [
  aPolicy([aRule({ time_to_fix: 'never' }), aRule({ id: 'boot', check: 'secure-boot', report_only: true })]),
];

function summaryOf(devices: readonly DeviceFacts[], draft: CompiledPolicy, current = lax) {
  const comparison = compared(current, draft);
  const tally = new Tally(comparison, noon);
  for (const facts of devices) tally.add(facts, replayDevice(facts, comparison, noon));
  return replaySummarySchema.parse(tally.summary());
}

function deviceOf(person: string, readings: Readings, groups: string[] = [], rest: Partial<DeviceFacts> = {}) {
  const owner = { id: person, name: person, email: `${person}@example.com`, groups, active: true };
  return someFacts(readings, { id: `laptop of ${person}`, owner, ...rest });
}

test('devices are counted by change, day, rule, system and ownership, people once for each group', () => {
  const draft = aPolicy(
    [aRule({ time_to_fix: '1d' }), aRule({ id: 'now', time_to_fix: '0', platforms: ['macos'] })],
    {},
    2,
  );
  const summary = summaryOf(
    [
      deviceOf('anna', firewallOff, ['staff', 'board']),
      deviceOf('anna', firewallOff, ['staff', 'board'], { id: 'second' }),
      deviceOf('bob', firewallOff, ['staff'], { platform: 'macos', ownership: 'personal' }),
      deviceOf('cleo', firewallOn, ['staff']),
    ],
    draft,
  );
  assert.deepEqual(summary.newlyBlocked, {
    atOnce: 1,
    atDeadline: 2,
    people: 2,
    days: [
      { day: '2026-11-18', devices: 1 },
      { day: '2026-11-19', devices: 2 },
    ],
  });
  assert.deepEqual(summary.groups, [
    { group: 'staff', people: 2 },
    { group: 'board', people: 1 },
  ]);
  assert.deepEqual(summary.platforms, [
    { platform: 'linux', judged: 3, newlyBlocked: 2 },
    { platform: 'macos', judged: 1, newlyBlocked: 1 },
  ]);
  assert.deepEqual(summary.ownership[1], { ownership: 'personal', judged: 1, newlyBlocked: 1 });
  const [firewall, now] = summary.rules;
  assert.deepEqual([firewall?.fail, firewall?.pass, firewall?.newlyBlocked], [3, 1, { atOnce: 0, atDeadline: 3 }]);
  assert.deepEqual([now?.fail, now?.notApplicable, now?.newlyBlocked], [1, 3, { atOnce: 1, atDeadline: 0 }]);
  assert.deepEqual(summary.before, { blocked: 0, grace: 0, warned: 3, fine: 1 });
  assert.deepEqual(summary.after, { blocked: 1, grace: 2, warned: 0, fine: 1 });
});

test('to be let in, a person must be able to except every rule that blocks them', () => {
  const closed = aRule({ id: 'closed', time_to_fix: '0', exceptions: false });
  const draft = aPolicy([aRule({ time_to_fix: '0' }), closed], {}, 2);
  const { exceptions, rules } = summaryOf([deviceOf('anna', firewallOff)], draft);
  assert.deepEqual(exceptions.needed, { mayAsk: 0, notInGroup: 0, notAllowed: 1 });
  assert.deepEqual(
    rules.map((rule) => rule.exceptions.mayAsk),
    [1, 0],
  );
});

test('a check that nobody is asked for is called out, and not counted as unknown or blocking', () => {
  const draft = aPolicy(
    [aRule({ id: 'tpm', check: 'tpm', require: 'value.present', on_unknown: 'block', time_to_fix: '0' })],
    {},
    2,
  );
  const { doubts, rules, newlyBlocked } = summaryOf([deviceOf('anna', firewallOn), deviceOf('bob', firewallOn)], draft);
  assert.deepEqual([newlyBlocked.atOnce, rules[0]?.notCollected, rules[0]?.unknown], [0, 2, 0]);
  assert.deepEqual(
    doubts.map(({ kind, rule, devices, of }) => [kind, rule, devices, of]),
    [['not-collected', 'test/tpm', 2, 2]],
  );
  assert.match(doubts[0]?.sentence ?? '', /^Not collected yet/);
});

test('an expression that cannot decide by what devices answer is doubted before the devices are', () => {
  const draft = aPolicy([aRule({ require: 'value.enabled && value.profiles["x"]' })], {}, 2);
  const { doubts, rules } = summaryOf([deviceOf('anna', firewallOn), deviceOf('bob', firewallOn)], draft);
  assert.deepEqual([rules[0]?.undecided, doubts[0]?.kind, doubts[0]?.devices], [2, 'undecided', 2]);
  assert.equal(rules[0]?.reasons[0]?.devices, 2);
});

test('a check that many cannot read is told with the commonest reason; one that few cannot read is not', () => {
  const draft = aPolicy([aRule()], {}, 2);
  const blind = deviceOf('anna', { firewall: unknown() });
  const seeing = Array.from({ length: 9 }, (_, index) => deviceOf(`person-${index}`, firewallOn));
  assert.deepEqual(summaryOf([blind, ...seeing], draft).doubts, []);
  const many = summaryOf([blind, ...seeing.slice(0, 3)], draft);
  assert.deepEqual([many.doubts[0]?.kind, many.doubts[0]?.devices, many.doubts[0]?.of], ['mostly-unknown', 1, 4]);
  assert.match(many.rules[0]?.reasons[0]?.reason ?? '', /permission/);
});

test('a draft that is for nobody is said to be', () => {
  const draft = aPolicy([aRule()], { policy: 'new', applies_to: { groups: ['nobody'] } });
  const { doubts, devices } = summaryOf([deviceOf('anna', firewallOn, ['staff'])], draft);
  assert.deepEqual([devices.notConcerned, doubts[0]?.kind], [1, 'applies-to-nobody']);
});

test('a fleet that was read while the policies changed is said to be', () => {
  const facts = [deviceOf('anna', firewallOn), deviceOf('bob', firewallOn, [], { policyEpoch: '2' })];
  assert.deepEqual(
    summaryOf(facts, aPolicy([aRule()], {}, 2)).doubts.map(({ kind }) => kind),
    ['rules-changed'],
  );
});

test('devices that name ever new builds and reasons do not swell the summary', () => {
  const draft = aPolicy([aRule({ time_to_fix: '0' })], {}, 2);
  const many = Array.from({ length: 6000 }, (_, index) => {
    const facts = deviceOf('anna', index % 2 === 0 ? firewallOff : { firewall: unknown(`reason ${index}`) });
    return { ...facts, posture: facts.posture === null ? null : { ...facts.posture, build: `build ${index}` } };
  });
  const summary = summaryOf(many, draft);
  assert.equal(summary.builds.length, 100);
  assert.equal(summary.rules[0]?.reasons.length, 3);
  assert.ok(JSON.stringify(summary).length < 32_768);
});
