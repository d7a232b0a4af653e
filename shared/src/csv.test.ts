import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { csvOf } from './csv.ts';

describe('CSV', () => {
  test('quotes what would end a cell or a line', () => {
    assert.equal(
      csvOf(
        ['a', 'b'],
        [
          ['x,y', 'say "no"'],
          ['two\nlines', 1],
          [null, true],
        ],
      ),
      'a,b\r\n"x,y","say ""no"""\r\n"two\nlines",1\r\n,true\r\n',
    );
  });

  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '|cmd', '%x', '\u200b=1', '\uff1d1']) {
    test(`makes text of a formula: ${JSON.stringify(text)}`, () => {
      assert.equal(csvOf(['a'], [[text]]), `a\r\n"'${text}"\r\n`);
    });
  }

  test('leaves numbers alone', () => assert.equal(csvOf(['a'], [[-1]]), 'a\r\n-1\r\n'));

  test('what a cell holds comes out again, and never in the cell beside it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (texts) => {
        const read = readLine(csvOf([], [texts]).slice(2, -2));
        assert.equal(read.length, texts.length);
        for (const [index, text] of texts.entries())
          assert.ok(read[index] === text || read[index] === `'${text}`, JSON.stringify(text));
      }),
    );
  });
});

/** Reads one line of CSV as RFC 4180 says. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, bare] of `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g))
    cells.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
  return cells;
}
