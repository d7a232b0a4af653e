import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day } from '@postern/shared/time';
import { dueForReview, type Standing } from './due.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const due = (changes: Partial<Standing>) =>
  dueForReview({ id: 'e', startedAt: now, renewals: 0, reviews: [], ...changes }, 30 * day, now);

test('a review is due after the time between two, from the beginning or the last one on', () => {
  assert.equal(due({ startedAt: now - 30 * day }), undefined);
  assert.equal(due({ startedAt: now - 30 * day - 1 }), 'It has been in force for 30 days.');
  const reviewed = (decidedAt: number) => due({ startedAt: now - 90 * day, reviews: [{ subjectId: 'd', decidedAt }] });
  assert.equal(reviewed(now - 30 * day), undefined);
  assert.equal(reviewed(now - 30 * day - 1), 'It has been in force for 90 days.');
});

test('a review is due with the third extension, once, and never while one is open', () => {
  assert.equal(due({ renewals: 2 }), undefined);
  assert.equal(due({ renewals: 3 }), 'It was extended 3 times.');
  assert.equal(due({ renewals: 3, reviews: [{ subjectId: 'e', decidedAt: now }] }), undefined);
  assert.equal(due({ renewals: 4, reviews: [{ subjectId: 'd', decidedAt: now }] }), 'It was extended 4 times.');
  assert.equal(due({ renewals: 4, reviews: [{ subjectId: 'd', decidedAt: null }] }), undefined);
});
