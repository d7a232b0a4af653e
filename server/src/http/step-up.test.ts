import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import { minute } from '@postern/shared/time';
import { hasSteppedUp, stepUpRequired } from './step-up.ts';

const now = Date.parse('2026-11-23T09:00:00Z');

test('who proved who they are has stepped up for five minutes, to the millisecond', () => {
  assert.equal(hasSteppedUp({ authenticatedAt: now }, now), true);
  assert.equal(hasSteppedUp({ authenticatedAt: now - 5 * minute }, now), true);
  assert.equal(hasSteppedUp({ authenticatedAt: now - 5 * minute - 1 }, now), false);
  assert.equal(hasSteppedUp({ authenticatedAt: 0 }, now), false);
});

test('a proof far ahead of this clock is not fresh for hours', () => {
  assert.equal(hasSteppedUp({ authenticatedAt: now + minute }, now), true, 'clocks of two nodes differ a little');
  assert.equal(hasSteppedUp({ authenticatedAt: now + 5 * minute + 1 }, now), false);
});

test('the refusal says how fresh it has to be, as RFC 9470 names it, and what to do', () => {
  const refusal = stepUpRequired();
  const answer = toErrorAnswer(refusal);
  assert.deepEqual(
    [refusal.status, answer.error, answer.error_code, answer['max_age']],
    [403, 'insufficient_user_authentication', 'step_up_required', 300],
  );
  assert.deepEqual([answer['step_up'], answer['level']], [['sign-in'], 'recent']);
  assert.match(answer.error_description, /step_up says which: a sign-in within the last five minutes/);
});

test('where a sign-in would not do, the refusal names what would, and no age', () => {
  const answer = toErrorAnswer(stepUpRequired('second-factor', ['passkey', 'code']));
  assert.deepEqual(
    [answer['step_up'], answer['level'], answer['max_age']],
    [['passkey', 'code'], 'second-factor', undefined],
  );
});
