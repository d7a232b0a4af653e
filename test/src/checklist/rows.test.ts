import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../support/command.ts';
import { rows } from './rows.ts';

const folder = import.meta.dirname;

/** Name of the row and file of each test in this folder. */
function testsHere(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return [...text.matchAll(/^checks(?:OnBothStores)?\(\s*'([^']+)',/gm)].map(([, row]) => `${row} in ${file}`);
    });
}

test('every row has a test that names it, in the file that it says, and every test a row', () => {
  const expected = Object.entries(rows).map(([row, { test: file }]) => `${row} in ${file}`);
  assert.equal(expected.length, 35);
  assert.deepEqual([...new Set(testsHere())].toSorted(), expected.toSorted());
});

test('docs/security-checklist.md says what the rows say, and what it names is there', () => {
  const text = readFileSync(join(root, 'docs', 'security-checklist.md'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const table = lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ');
  assert.deepEqual(
    table,
    Object.entries(rows).map(([row, { expected, held, test: file }]) => [
      row,
      expected,
      code(held),
      code([`test/src/checklist/${file}`]),
    ]),
  );
  const named = Object.values(rows).flatMap(({ held }) => held);
  assert.deepEqual(
    named.filter((path) => !existsSync(join(root, path))),
    [],
  );
});
