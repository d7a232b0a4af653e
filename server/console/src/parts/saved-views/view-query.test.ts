import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchOfView, viewQuery } from './view-query.ts';

test('equal filters are equal views, in whatever order they were chosen', () => {
  assert.equal(viewQuery({ b: '2', a: '1' }), viewQuery({ a: '1', b: '2' }));
  assert.equal(viewQuery({ q: '', posture: undefined }), '');
});

test('a view gives back what it was made of', () => {
  const search = { q: 'Zoë & Co. = 100 %', posture: 'stale' };
  assert.deepEqual(searchOfView(viewQuery(search)), search);
});
