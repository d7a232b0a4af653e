import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journeyOf } from './journey.ts';

const nowOf = (standing: Parameters<typeof journeyOf>[0]) =>
  Object.entries(journeyOf(standing))
    .filter(([, how]) => how === 'now')
    .map(([step]) => step);

test('a text with faults is written first, then replayed, then approved', () => {
  const enforcement = 'enforce';
  assert.deepEqual(nowOf({ draft: 'faulty', isReplayed: false, enforcement }), ['draft']);
  assert.deepEqual(nowOf({ draft: 'draft', isReplayed: false, enforcement }), ['replay']);
  assert.deepEqual(nowOf({ draft: 'draft', isReplayed: true, enforcement }), ['approve']);
  assert.deepEqual(nowOf({ draft: 'submitted', isReplayed: false, enforcement }), ['approve']);
});

test('what is in force is watched, or enforced', () => {
  assert.deepEqual(nowOf({ draft: 'published', isReplayed: true, enforcement: 'report-only' }), ['watch']);
  assert.deepEqual(nowOf({ draft: 'none', isReplayed: false, enforcement: 'enforce' }), ['enforce']);
});

test('what was discarded is nowhere', () => {
  assert.deepEqual(nowOf({ draft: 'discarded', isReplayed: false, enforcement: 'enforce' }), []);
});
