import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiffRow, diffRows } from './diff-rows.ts';

const shown = (rows: readonly DiffRow[]) =>
  rows.map((row) => {
    if (row.kind === 'gap') return `… ${row.lines}`;
    const sign = { same: ' ', removed: '-', added: '+' }[row.kind];
    return `${sign}${row.pieces.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('')}`;
  });

test('texts that say the same have no rows', () => {
  assert.deepEqual(diffRows('a\nb', 'a\nb'), []);
});

test('a changed line stands as removed and as added, with the word that changed', () => {
  assert.deepEqual(shown(diffRows('title: a\nmax_age: 1h', 'title: a\nmax_age: 2h')), [
    ' title: a',
    '-max_age: [1h]',
    '+max_age: [2h]',
  ]);
});

test('lines that come or go at the beginning, within and at the end', () => {
  assert.deepEqual(shown(diffRows('b\nc', 'a\nb\nc')), ['+a', ' b', ' c']);
  assert.deepEqual(shown(diffRows('a\nb\nc', 'a\nc')), [' a', '-b', ' c']);
  const kinds = diffRows('a\nb', 'a\nb\nc').map(({ kind }) => kind);
  assert.deepEqual(kinds.at(-1), 'added');
  assert.deepEqual(
    diffRows('', 'a')
      .map(({ kind }) => kind)
      .filter((kind) => kind === 'added'),
    ['added'],
  );
});

test('what is far from any change gives way, and says how much it is', () => {
  const many = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  const rows = shown(diffRows(many.join('\n'), [...many.slice(0, 39), 'other'].join('\n')));
  assert.equal(rows[0], '… 36');
  assert.equal(rows.length, 6);
});

test('every line of both texts is in it once, whatever they are', () => {
  const words = ['a', 'b', 'c', '', 'rules:', '  - id: x'];
  let seed = 7;
  const pick = () => words[(seed = (seed * 1103515245 + 12345) % 2147483648) % words.length] ?? '';
  for (let round = 0; round < 300; round += 1) {
    const [before, after] = [Array.from({ length: round % 9 }, pick), Array.from({ length: (round * 7) % 8 }, pick)];
    const rows = diffRows(before.join('\n'), after.join('\n')).filter((row) => row.kind !== 'gap');
    if (rows.length === 0) continue;
    const side = (without: 'added' | 'removed') =>
      rows.filter(({ kind }) => kind !== without).map(({ pieces }) => pieces.map(({ text }) => text).join(''));
    const whole = (lines: string[]) => (lines.length === 0 ? [''] : lines);
    if (before.length > 4 || after.length > 4) continue;
    assert.deepEqual(side('added'), whole(before), JSON.stringify([before, after]));
    assert.deepEqual(side('removed'), whole(after), JSON.stringify([before, after]));
  }
});
