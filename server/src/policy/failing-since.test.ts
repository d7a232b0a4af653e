import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day } from '@postern/shared/time';
import type { Readings } from '@postern/shared/protocol/reading';
import { evaluateAll } from './evaluate.ts';
import { trackFailing } from './failing-since.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, unknown, unsupported } from './testing/given.ts';
import type { FailingSince } from './types.ts';

const policies = [aPolicy()];

const failed: FailingSince = { 'test/firewall': { since: noon, failed: true } };
const unseen: FailingSince = { 'test/firewall': { since: noon, failed: false } };

function track(previous: FailingSince, readings: Readings, now: number): FailingSince {
  return trackFailing(
    previous,
    evaluateAll({ policies, readings, platform: 'linux', failingSince: previous, now }),
    now,
  );
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
  for (const on_unsupported of ['warn', 'block']) {
    const strict = [aPolicy([aRule({ on_unsupported })])];
    const readings = { firewall: unsupported() };
    const findings = evaluateAll({ policies: strict, readings, platform: 'linux', failingSince: {}, now: noon });
    assert.deepEqual(trackFailing({}, findings, noon), unseen);
  }
});

test('a failure after an unknown is remembered, with the time of the unknown', () => {
  assert.deepEqual(track(unseen, firewallOff, noon + day), failed);
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
