import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour, minute, toTimestamp } from '@postern/shared/time';
import { ruleOf, verdictOf } from '../testing/documents.ts';
import { noticesDue } from './notices.ts';

const now = Date.UTC(2026, 10, 21, 9, 30);
const inGrace = {
  outcome: 'fail',
  standing: 'grace',
  stage: 'notify',
  since: toTimestamp(now - day),
  warnAt: toTimestamp(now + hour),
  deadline: toTimestamp(now + day),
} as const;
const kindsAt = (at: number, change: Parameters<typeof ruleOf>[0] = {}, said = new Set<string>()) =>
  noticesDue(verdictOf(true, now, [ruleOf({ ...inGrace, ...change })]), at, said).map(({ kind }) => kind);

test('nothing is said before it is time, and nothing once it blocks', () => {
  assert.deepEqual(kindsAt(now), []);
  assert.deepEqual(kindsAt(now + hour), [], 'a verdict is asked for at that moment, and says it better');
  assert.deepEqual(kindsAt(now + day), []);
});

test('a warning, then a last call, once each; and again for another deadline', () => {
  const said = new Set<string>();
  assert.deepEqual(kindsAt(now + hour + minute, {}, said), ['warn']);
  assert.deepEqual(kindsAt(now + 2 * hour, {}, said), []);
  assert.deepEqual(kindsAt(now + day - 30 * minute, {}, said), ['last-call']);
  assert.deepEqual(kindsAt(now + day - 20 * minute, {}, said), []);
  assert.deepEqual(kindsAt(now + hour + minute, { deadline: toTimestamp(now + 2 * day) }, said), ['warn']);
});

test('what the verdict said itself is not said again', () => {
  assert.deepEqual(kindsAt(now + 2 * hour, { stage: 'warn' }), []);
});

test('the last call of a short grace comes in its last quarter', () => {
  const short = { since: toTimestamp(now), warnAt: null, deadline: toTimestamp(now + 40 * minute) };
  assert.deepEqual(kindsAt(now + 29 * minute, short), []);
  assert.deepEqual(kindsAt(now + 30 * minute, short), ['last-call']);
});

for (const standing of ['excepted', 'reported', 'warned', 'blocked', 'fine'] as const) {
  test(`a rule that is ${standing} threatens nobody, or has said so already`, () => {
    assert.deepEqual(kindsAt(now + day - minute, { standing }), []);
  });
}
