import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOfDay, startOfDay } from './period.ts';

test('a period is whole days where the reader is, the last one included', () => {
  assert.equal(startOfDay('2026-11-21'), new Date(2026, 10, 21).toISOString());
  assert.equal(endOfDay('2026-11-30'), new Date(2026, 11, 1).toISOString());
});

test('what is no day narrows nothing', () => {
  for (const text of [undefined, '', 'yesterday', '2026-11', '2026-11-21T00:00'])
    assert.equal(startOfDay(text), undefined);
});
