import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour, minute } from '@postern/shared/time';
import { evaluateAll } from '../policy/testing/evaluate.ts';
import {
  anException,
  aPolicy,
  aRule,
  firewallOff,
  firewallOn,
  type GivenRule,
  noon,
  ok,
  unknown,
} from '../policy/testing/given.ts';
import type { FailingSince } from '../policy/types.ts';
import { replayDevice } from './replay-device.ts';
import { compared, someFacts } from './testing/given.ts';

const bootOff = { ...firewallOn, 'secure-boot': ok({ enabled: false, setupMode: null }) };
const boot = (rest: Partial<GivenRule> = {}) => aRule({ id: 'boot', check: 'secure-boot', ...rest });
/** Asks for secure boot, and watches only. */
const watched = boot({ report_only: true });

const current = [aPolicy([aRule(), watched])];
const failingSince = (given: FailingSince) =>
  ({ ...someFacts(firewallOff), posture: { ...someFacts(firewallOff).posture, failingSince: given } }) as ReturnType<
    typeof someFacts
  >;

test('the clock of a rule that fails newly starts now, and blocks when its time to fix is over', () => {
  const draft = aPolicy([aRule(), boot({ time_to_fix: '3d' })], {}, 2);
  const replay = replayDevice(someFacts(bootOff), compared(current, draft), noon);
  assert.deepEqual([replay.change, replay.blockedAt], ['newly-blocked', noon + 3 * day]);
  assert.deepEqual(replay.standing, { before: 'fine', after: 'grace' });
  const [rule] = replay.changes[0]?.rules ?? [];
  assert.deepEqual([rule?.finding.rule.reference, rule?.since, rule?.escape], ['test/boot', noon, 'may-ask']);
});

test('a rule of the same reference that fails already keeps its clock', () => {
  const before = [aPolicy([aRule({ time_to_fix: '7d' })])];
  const facts = failingSince({ 'test/firewall': { since: noon - 2 * day, failed: true } });
  const replayed = (time: string) =>
    replayDevice(facts, compared(before, aPolicy([aRule({ time_to_fix: time })], {}, 2)), noon);
  assert.deepEqual([replayed('3d').change, replayed('3d').blockedAt], ['blocked-sooner', noon + day]);
  assert.deepEqual([replayed('1d').change, replayed('1d').blockedAt], ['newly-blocked', noon]);
  assert.deepEqual([replayed('14d').change, replayed('14d').blockedAt], ['relieved', noon + 12 * day]);
  assert.equal(replayed('7d').change, null);
});

test('who is blocked and would be let in is freed, for good or until a deadline', () => {
  const before = [aPolicy([aRule({ time_to_fix: '0' })])];
  const replayed = (rule: Partial<GivenRule>) =>
    replayDevice(someFacts(firewallOff), compared(before, aPolicy([aRule(rule)], {}, 2)), noon);
  const forGood = replayed({ time_to_fix: 'never' });
  assert.deepEqual([forGood.change, forGood.blockedAt], ['freed', null]);
  assert.equal(forGood.changes[0]?.rules[0]?.finding.rule.reference, 'test/firewall');
  const forNow = replayed({ time_to_fix: '1h' });
  assert.deepEqual([forNow.change, forNow.blockedAt], ['freed', noon + hour]);
});

test('a device that no policy would cover any more is blocked at once', () => {
  const draft = aPolicy([aRule()], { applies_to: { groups: ['board'] } }, 2);
  const replay = replayDevice(someFacts(), compared([aPolicy([aRule()])], draft), noon);
  assert.equal(replay.applies, false);
  assert.deepEqual([replay.change, replay.blockedAt, replay.changes[0]?.covered], ['newly-blocked', noon, false]);
});

test('a draft that only watches blocks nobody', () => {
  const draft = aPolicy([aRule({ time_to_fix: '0' })], { policy: 'new', enforcement: 'report-only' });
  assert.equal(
    replayDevice(someFacts(firewallOff), compared([aPolicy([aRule({ time_to_fix: 'never' })])], draft), noon).change,
    null,
  );
});

test('what is not collected yet blocks nobody in the figures, whatever on_unknown says', () => {
  const draft = aPolicy([aRule(), boot({ on_unknown: 'block', time_to_fix: '0' })], {}, 2);
  const unasked = replayDevice(someFacts(), compared([aPolicy([aRule()])], draft), noon);
  assert.equal(unasked.change, null);
  assert.deepEqual(
    unasked.findings.map(({ finding, uncollected }) => [finding.rule.document.id, uncollected]),
    [
      ['firewall', false],
      ['boot', true],
    ],
  );
  // It was asked for, and the agent did not say: that counts as it will.
  const silent = replayDevice(someFacts(), compared(current, draft), noon);
  assert.deepEqual([silent.change, silent.blockedAt], ['newly-blocked', noon]);
});

test('a reading about other paths says nothing of those that the draft names', () => {
  const absent = { path: '/opt/a', state: 'absent', sha256: null, signature: 'none', signer: null };
  const files = { ...firewallOn, files: ok({ files: [absent] }) };
  const rule = (path: string) =>
    aRule({
      id: 'files',
      check: 'files',
      require: 'value.files.exists(file, file.state == "present")',
      targets: { default: [path] },
      time_to_fix: '0',
    });
  const before = [aPolicy([aRule(), { ...rule('/opt/a'), report_only: true }])];
  assert.equal(replayDevice(someFacts(files), compared(before, aPolicy([rule('/opt/b')], {}, 2)), noon).change, null);
  assert.equal(
    replayDevice(someFacts(files), compared(before, aPolicy([rule('/opt/a')], {}, 2)), noon).change,
    'newly-blocked',
  );
});

test('every resource that a policy names is asked for, and what differs there is told', () => {
  const draft = aPolicy([boot({ time_to_fix: '0' })], {
    policy: 'payroll',
    applies_to: { resources: ['https://pay'] },
  });
  const replay = replayDevice(someFacts(bootOff), compared(current, draft), noon);
  assert.equal(replay.change, 'newly-blocked');
  assert.deepEqual(
    replay.changes.map(({ resource }) => resource),
    ['https://pay'],
  );
  assert.deepEqual(replay.standing, { before: 'fine', after: 'fine' }, 'the device as such stands as before');
});

test('a policy for a tier is tried on the resources of that tier', () => {
  const draft = aPolicy([boot({ time_to_fix: '0' })], { policy: 'high', applies_to: { resource_tiers: ['high'] } });
  const tiers = new Map([
    ['https://pay', 'high' as const],
    ['https://wiki', 'low' as const],
  ]);
  const replay = replayDevice(someFacts(bootOff), compared(current, draft, { tiers }), noon);
  assert.deepEqual(
    replay.changes.map(({ resource }) => resource),
    ['https://pay'],
  );
});

test('an exception is void where its rule changes or goes, and moot where the rule passes or blocks no more', () => {
  const rules = [aRule({ time_to_fix: '0' })];
  const before = aPolicy(rules);
  const findings = evaluateAll({ policies: [before], readings: firewallOff, failingSince: {}, now: noon });
  const facts = someFacts(firewallOff, { exceptions: [anException(findings)] });
  const effectOf = (rule: GivenRule) =>
    replayDevice(facts, compared([before], aPolicy([rule], {}, 2)), noon).exceptions.map(({ effect }) => effect);
  assert.deepEqual(effectOf(aRule({ time_to_fix: '0', on_unknown: 'block' })), ['void']);
  assert.deepEqual(effectOf(aRule({ id: 'other' })), ['void']);
  assert.deepEqual(effectOf(aRule({ time_to_fix: 'never' })), ['moot']);
  assert.deepEqual(effectOf(aRule({ time_to_fix: '0', title: 'Another title' })), []);
});

test('an excepted rule blocks when the exception ends, and a draft that voids it blocks at once', () => {
  const before = aPolicy([aRule({ time_to_fix: '0' })]);
  const findings = evaluateAll({ policies: [before], readings: firewallOff, failingSince: {}, now: noon });
  const facts = someFacts(firewallOff, { exceptions: [anException(findings)] });
  const draft = aPolicy([aRule({ time_to_fix: '0', on_unknown: 'block' })], {}, 2);
  const replay = replayDevice(facts, compared([before], draft), noon);
  assert.deepEqual([replay.change, replay.blockedAt], ['newly-blocked', noon]);
  assert.equal(replay.changes[0]?.currentlyBlockedAt, noon + hour);
});

test('whether the person may ask for an exception is told by the rule and by their groups', () => {
  const escapeOf = (exceptions: unknown) => {
    const draft = aPolicy([boot({ time_to_fix: '0', exceptions })], { policy: 'new' });
    return replayDevice(someFacts(bootOff), compared(current, draft), noon).changes[0]?.rules[0]?.escape;
  };
  assert.equal(escapeOf({}), 'may-ask');
  assert.equal(escapeOf({ groups: ['staff'] }), 'may-ask');
  assert.equal(escapeOf({ groups: ['board'] }), 'not-in-group');
  assert.equal(escapeOf(false), 'not-allowed');
});

test('a shorter max_age makes the last report too old, and the next one ends that', () => {
  const draft = aPolicy([aRule()], { max_age: '5m' }, 2);
  const replay = replayDevice(someFacts(), compared([aPolicy([aRule()])], draft), noon);
  assert.deepEqual([replay.change, replay.blockedAt], ['newly-stale', null]);
});

test('a rule that cannot be answered and only warns is told as such', () => {
  const readings = { ...firewallOn, 'secure-boot': unknown() };
  const draft = aPolicy([aRule(), boot({ on_unknown: 'warn' })], {}, 2);
  assert.equal(replayDevice(someFacts(readings), compared(current, draft), noon).change, 'newly-warned');
});

test('while a brake holds a check back, what it holds back blocks from its end on', () => {
  const brake = {
    id: 'brk_1',
    check: 'secure-boot',
    platform: 'linux' as const,
    build: '6.8.0-45',
    flipsSince: noon - hour,
    endsAt: noon + hour,
  };
  const flips = { 'secure-boot': { at: noon - minute, before: ok({ enabled: true, setupMode: null }) } };
  const facts = someFacts(bootOff);
  const flipped = { ...facts, posture: facts.posture === null ? null : { ...facts.posture, flips } };
  const draft = aPolicy([aRule(), boot({ time_to_fix: '1d' })], {}, 2);
  const replay = replayDevice(flipped, compared(current, draft, { brakes: [brake] }), noon);
  assert.deepEqual([replay.change, replay.blockedAt], ['newly-blocked', noon + hour + day]);
});

test('who gets no token whatever the policy says is not judged, and said so', () => {
  const comparison = compared(current, aPolicy([boot({ time_to_fix: '0' })], {}, 2));
  const skipped = (rest: Partial<ReturnType<typeof someFacts>>) => {
    const { skipped: why, change } = replayDevice(someFacts(bootOff, rest), comparison, noon);
    return [why, change];
  };
  const { owner } = someFacts();
  assert.deepEqual(skipped({ posture: null, evidence: null }), ['never-attested', null]);
  assert.deepEqual(skipped({ quarantine: { cause: 'forked', since: noon } }), ['quarantined', null]);
  assert.deepEqual(skipped({ owner: { ...owner, active: false } }), ['owner-inactive', null]);
});
