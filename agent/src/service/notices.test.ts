import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Id } from '@postern/shared/ids';
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

const excepted = (leftMs: number) => ({
  standing: 'excepted' as const,
  deadline: null,
  exception: { id: `exc_${'1'.repeat(32)}` as Id<'exception'>, expiresAt: toTimestamp(now + leftMs) },
});

test('who is excepted hears a day, an hour and ten minutes before the end, once each', () => {
  const said = new Set<string>();
  const at = (leftMs: number) => kindsAt(now + 3 * day - leftMs, excepted(3 * day), said);
  assert.deepEqual(at(3 * day), []);
  assert.deepEqual(at(day), ['exception-ends']);
  assert.deepEqual(at(23 * hour), []);
  assert.deepEqual(at(50 * minute), ['exception-ends']);
  assert.deepEqual(at(5 * minute), ['exception-ends']);
  assert.deepEqual(at(1), []);
});

test('a short exception is not announced to end when it has just begun, and one that ended is no reminder', () => {
  const said = new Set<string>();
  assert.deepEqual(kindsAt(now, excepted(30 * minute), said), []);
  assert.deepEqual(kindsAt(now + 21 * minute, excepted(30 * minute), said), ['exception-ends']);
  assert.deepEqual(kindsAt(now + 31 * minute, excepted(30 * minute), new Set([`exc_${'1'.repeat(32)}`])), []);
});

test('an exception from two rules is said once', () => {
  const said = new Set<string>();
  const rules = ['one', 'two'].map((rule) => ruleOf({ ...inGrace, ...excepted(2 * hour), rule }));
  const due = (at: number) => noticesDue(verdictOf(true, now, rules), at, said).length;
  assert.deepEqual([due(now), due(now + hour)], [0, 1]);
});
