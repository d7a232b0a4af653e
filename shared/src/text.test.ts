import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idSchema, toId } from './ids.ts';
import { humanLine, humanText } from './text.ts';

test('text of people is trimmed, bounded and free of control and direction characters', () => {
  assert.equal(humanText({ max: 10 }).parse('  hello '), 'hello');
  for (const hostile of [
    '\u001b[31mred',
    'a\u0000b',
    'evil\u202etxt.exe',
    'zero\u200bwidth',
    '',
    ' ',
    'x'.repeat(11),
  ]) {
    assert.equal(humanText({ max: 10 }).safeParse(hostile).success, false, JSON.stringify(hostile));
  }
});

test('a line is one line', () => {
  assert.equal(humanLine({ max: 20 }).safeParse('two\nlines').success, false);
  assert.equal(humanText({ max: 20 }).safeParse('two\nlines').success, true);
});

test('an id of one kind is not an id of another', () => {
  const device = toId('device', '0197a3f0-c2d8-7b6e-9f4c-1a2b3c4d5e6f');
  assert.equal(idSchema('device').parse(device), device);
  assert.equal(idSchema('user').safeParse(device).success, false);
  assert.equal(idSchema('device').safeParse('dev_../../etc').success, false);
});
