import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOfValue, sayValue } from './say-value.ts';

test('seconds, percent and times are said as people say them', () => {
  assert.equal(sayValue('p90Seconds', 7260, 'UTC'), '2 hours 1 minute');
  assert.equal(sayValue('approvedPercent', 97.5, 'UTC'), '97.5 %');
  assert.equal(sayValue('percent', 20, 'UTC'), '20 %');
  assert.match(sayValue('dueAt', '2026-11-21T14:00:00.000Z', 'UTC'), /21 Nov 2026, 14:00/);
  assert.deepEqual(
    [sayValue('days', 0, 'UTC'), sayValue('x', null, 'UTC'), sayValue('review', 'open', 'UTC')],
    ['0', '', 'open'],
  );
});

test('a value that this version does not know is called by its name', () => {
  assert.deepEqual(
    [nameOfValue('failing'), nameOfValue('constructor'), nameOfValue('new')],
    ['Fail it', 'constructor', 'new'],
  );
});
