import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day } from '@postern/shared/time';
import type { Readings } from '@postern/shared/protocol/reading';
import { evaluateAll } from './evaluate.ts';
import { trackFailing } from './failing-since.ts';
import { aPolicy, firewallOff, firewallOn, noon, unknown, unsupported } from './testing/given.ts';
import type { FailingSince } from './types.ts';

const policies = [aPolicy()];

function track(previous: FailingSince, readings: Readings, now: number): FailingSince {
  return trackFailing(previous, evaluateAll({ policies, readings, platform: 'linux', now }), now);
}

test('the first failure starts the time', () => {
  assert.deepEqual(track({}, firewallOff, noon), { 'test/firewall': noon });
});

test('a later failure does not start it again', () => {
  assert.deepEqual(track({ 'test/firewall': noon }, firewallOff, noon + day), { 'test/firewall': noon });
});

test('going blind in between gives no new grace', () => {
  const blind = track({ 'test/firewall': noon }, { firewall: unknown() }, noon + day);
  const silent = track(blind, {}, noon + 2 * day);
  assert.deepEqual(track(silent, firewallOff, noon + 3 * day), { 'test/firewall': noon });
});

test('claiming that the rule does not apply gives none either', () => {
  const claimed = track({ 'test/firewall': noon }, { firewall: unsupported() }, noon + day);
  assert.deepEqual(track(claimed, firewallOff, noon + 2 * day), { 'test/firewall': noon });
});

test('a rule that never failed and does not apply has no time', () => {
  assert.deepEqual(track({}, { firewall: unsupported() }, noon), {});
});

test('a pass ends it', () => {
  assert.deepEqual(track({ 'test/firewall': noon }, firewallOn, noon + day), {});
});

test('a rule that is gone is forgotten', () => {
  assert.deepEqual(track({ 'test/old': noon }, firewallOn, noon + day), {});
});

test('a start in the future is brought back to now', () => {
  assert.deepEqual(track({ 'test/firewall': noon + day }, firewallOff, noon), { 'test/firewall': noon });
});
