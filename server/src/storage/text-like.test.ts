import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spellings } from './text-like.ts';

test('letters that a database may not know are looked for small, capital, and as words begin', () => {
  assert.deepEqual(spellings('Kim'), ['kim']);
  assert.deepEqual(spellings('100 %_'), ['100 %_']);
  assert.deepEqual(spellings('ärm'), ['ärm', 'Ärm']);
  assert.deepEqual(spellings('ZOË'), ['zoë', 'zoË']);
  assert.deepEqual(spellings('Ärmel-Öz'), ['ärmel-öz', 'Ärmel-Öz']);
  assert.deepEqual(spellings('иван'), ['иван', 'Иван', 'ИВАН']);
  assert.deepEqual(spellings('😀'), ['😀']);
});
