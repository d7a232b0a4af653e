import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeOf, readFaults } from './faults.ts';

const lines = ['policy: a', '  severity: hihg'];
const lineAt = (line: number) => {
  const text = lines[line - 1];
  const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  return text === undefined ? undefined : { from, to: from + text.length, text };
};

test('a fault knows its line and its column, and what is about the whole knows none', () => {
  const [first, second] = readFaults([
    { message: 'line 2, column 13: must be low, medium, high or critical' },
    { message: 'is longer than 65536 characters' },
  ]);
  assert.deepEqual(first, { line: 2, column: 13, message: 'must be low, medium, high or critical' });
  assert.equal(second?.line, undefined);
});

test('the word at the place is marked', () => {
  const [fault] = readFaults([{ message: 'line 2, column 13: must be high' }]);
  assert.ok(fault !== undefined);
  const { from, to } = rangeOf(fault, lineAt);
  assert.equal(lines.join('\n').slice(from, to), 'hihg');
});

test('a place that the text does not have any more marks its beginning', () => {
  const [fault] = readFaults([{ message: 'line 40, column 2: is missing' }]);
  assert.ok(fault !== undefined);
  assert.deepEqual(rangeOf(fault, lineAt), { from: 0, to: 0 });
});

test('what is missing is named', () => {
  const [fault] = readFaults([{ path: 'rules', message: 'line 1, column 1: is missing' }]);
  assert.deepEqual(fault, { line: 1, column: 1, message: 'rules is missing' });
  const [about] = readFaults([{ path: 'document', message: 'line 1, column 1: directives are not read here' }]);
  assert.equal(about?.message, 'directives are not read here');
});
