import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromField, queryOf, toField, typesOf } from './filter.ts';

const now = Date.parse('2026-11-21T12:34:56.789Z');

test('a period begins at a whole minute, so that the same question has the same address for a while', () => {
  const query = queryOf({ period: '24h' }, now);
  assert.equal(query['from'], '2026-11-20T12:34:00.000Z');
  assert.deepEqual(queryOf({ period: '24h' }, now + 2000), query);
});

test('a group asks for the types whose names begin with its words; one type is asked for alone', () => {
  const { types } = queryOf({ group: 'policies' }, now);
  assert.ok(String(types).split(',').includes('policy.published'));
  assert.ok(!String(types).includes('policy.published,token'));
  assert.deepEqual(typesOf('nonsense'), undefined);
  const one = queryOf({ group: 'policies', type: 'brake.opened' }, now);
  assert.deepEqual([one['type'], one['types']], ['brake.opened', undefined]);
});

test('what is no time is not asked for', () => {
  const query = queryOf({ from: 'yesterday', to: '2026-11-21T00:00:00Z', period: 'constructor' }, now);
  assert.deepEqual([query['from'], query['to']], [undefined, '2026-11-21T00:00:00.000Z']);
});

test('a field shows the time here, and gives back the instant', () => {
  const at = '2026-11-21T10:05:00.000Z';
  assert.equal(fromField(toField(at)), at);
  assert.deepEqual([toField(undefined), toField('x'), fromField('')], ['', '', undefined]);
});
