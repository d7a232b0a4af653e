import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, findCheck } from './catalogue.ts';

test('every check has its own id, a title and a sentence', () => {
  assert.equal(new Set(catalogue.map(({ id }) => id)).size, catalogue.length);
  for (const { id, title, about } of catalogue) {
    assert.match(id, /^[a-z][a-z0-9-]{0,47}$/);
    assert.ok(title.length > 0, id);
    assert.match(about, /\.$/, id);
  }
});

test('an id that is a name of every object is no check', () => {
  for (const id of ['__proto__', 'constructor', 'toString', '']) assert.equal(findCheck(id), undefined);
});
