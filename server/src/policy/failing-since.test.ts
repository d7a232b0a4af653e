import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day } from '@postern/shared/time';
import type { Readings } from '@postern/shared/protocol/reading';
import { evaluateAll } from './testing/evaluate.ts';
import { trackFailing } from './failing-since.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, unknown, unsupported } from './testing/given.ts';
import type { CompiledPolicy, FailingSince } from './types.ts';

const failed: FailingSince = { 'test/firewall': { since: noon, failed: true } };
/** Known to be unknown, which only warns: no time to fix runs. */
const unseen: FailingSince = { 'test/firewall': { since: noon, failed: false, countedSince: null } };

/** Never seen, and taken for failing from the first moment on. */
const counted: FailingSince = { 'test/firewall': { since: noon, failed: false } };

function trackBy(policy: CompiledPolicy, previous: FailingSince, readings: Readings, now: number): FailingSince {
  const findings = evaluateAll({ policies: [policy], readings, platform: 'linux', failingSince: previous, now });
  return trackFailing(previous, findings, now);
}

function track(previous: FailingSince, readings: Readings, now: number): FailingSince {
  return trackBy(aPolicy(), previous, readings, now);
}

test('the first failure starts the time', () => {
  assert.deepEqual(track({}, firewallOff, noon), failed);
});

test('a later failure does not start it again', () => {
  assert.deepEqual(track(failed, firewallOff, noon + day), failed);
});

test('going blind in between gives no new grace', () => {
  const blind = track(failed, { firewall: unknown() }, noon + day);
  const silent = track(blind, {}, noon + 2 * day);
  assert.deepEqual(track(silent, firewallOff, noon + 3 * day), failed);
});

test('claiming that the rule does not apply gives none either', () => {
  const claimed = track(failed, { firewall: unsupported() }, noon + day);
  assert.deepEqual(track(claimed, firewallOff, noon + 2 * day), failed);
});

test('a rule that never failed and does not apply has no time', () => {
  assert.deepEqual(track({}, { firewall: unsupported() }, noon), {});
});

test('an unknown starts the time as well, but is no failure that was seen', () => {
  assert.deepEqual(track({}, { firewall: unknown() }, noon), unseen);
  assert.deepEqual(track({}, {}, noon), unseen);
  assert.deepEqual(track({}, { firewall: unsupported('container') }, noon), unseen);
});

test('a claim that is not taken starts it too', () => {
  const claimed = (on_unsupported: string) =>
    trackBy(aPolicy([aRule({ on_unsupported })]), {}, { firewall: unsupported() }, noon);
  assert.deepEqual(claimed('warn'), unseen);
  assert.deepEqual(claimed('block'), counted);
});

test('a failure after an unknown that only warned is remembered with the time of the unknown, and its time to fix begins now', () => {
  assert.deepEqual(track(unseen, firewallOff, noon + day), {
    'test/firewall': { since: noon, failed: true, countedSince: noon + day },
  });
});

test('a failure after an unknown that blocks has the time of the unknown', () => {
  const strict = aPolicy([aRule({ on_unknown: 'block' })]);
  const blind = trackBy(strict, {}, { firewall: unknown() }, noon);
  assert.deepEqual(blind, counted);
  assert.deepEqual(trackBy(strict, blind, firewallOff, noon + day), failed);
});

test('what was remembered before there was a time of counting has counted all the time', () => {
  assert.deepEqual(track(counted, firewallOff, noon + day), failed);
});

test('while it is only watched, or never blocks, no time to fix runs; it begins when the rule is enforced', () => {
  const quiet = [aPolicy([aRule({ report_only: true })]), aPolicy([aRule({ time_to_fix: 'never' })])];
  quiet.push(aPolicy([aRule()], { enforcement: 'report-only' }));
  for (const policy of quiet) {
    const watched = trackBy(policy, {}, firewallOff, noon);
    assert.deepEqual(watched, { 'test/firewall': { since: noon, failed: true, countedSince: null } });
    assert.deepEqual(track(watched, firewallOff, noon + 9 * day), {
      'test/firewall': { since: noon, failed: true, countedSince: noon + 9 * day },
    });
    assert.deepEqual(trackBy(policy, failed, firewallOff, noon + day), watched);
  }
});

test('a claim in between neither stops nor restarts the time of an unknown that blocks', () => {
  const strict = aPolicy([aRule({ on_unknown: 'block', on_unsupported: 'warn' })]);
  const claimed = trackBy(strict, counted, { firewall: unsupported() }, noon + day);
  assert.deepEqual(trackBy(strict, claimed, { firewall: unknown() }, noon + 2 * day), counted);
});

test('a pass ends it', () => {
  assert.deepEqual(track(failed, firewallOn, noon + day), {});
});

test('a rule that is gone is forgotten', () => {
  assert.deepEqual(track({ 'test/old': { since: noon, failed: true } }, firewallOn, noon + day), {});
});

test('a start in the future is brought back to now', () => {
  assert.deepEqual(track({ 'test/firewall': { since: noon + day, failed: true } }, firewallOff, noon), failed);
});
