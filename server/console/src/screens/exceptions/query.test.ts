import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTab, queryOf } from './query.ts';

test('each tab asks for its own part, narrowed alike', () => {
  const filters = { q: 'erin', rule: 'base/disk' };
  assert.deepEqual(queryOf('active', filters, 0), { ...filters, standing: 'open', sort: 'ending' });
  assert.deepEqual(queryOf('history', filters, 0), { ...filters, standing: 'over' });
  assert.equal(queryOf('soon', filters, 0)['endsBefore'], '1970-01-02T00:00:00.000Z');
  assert.deepEqual(queryOf('all', filters, 0), filters);
  assert.deepEqual(queryOf('all', { rule: 'base/' }, 0), { rule: undefined }, 'it is still being written');
});

test('an address with another tab is no tab', () => {
  assert.equal(isTab('soon'), true);
  assert.equal(isTab('toString'), false);
  assert.equal(isTab(undefined), false);
});
