import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv } from './csv.ts';

/** Reads one line of CSV as RFC 4180 says. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, bare] of `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g))
    cells.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
  return cells;
}

test('a report as CSV names what it is about, whoever they say they are', () => {
  const name = '=cmd|"/c calc"!A1, "Eve"';
  const csv = toCsv({
    rows: [
      {
        subject: 'usr_1',
        about: [{ kind: 'person', id: 'usr_1', name }],
        values: { requests: 3 },
        flagged: true,
        sentence: 'One person.',
      },
    ],
  });
  const [header = '', line = ''] = csv.split('\r\n');
  assert.deepEqual(readLine(header), ['subject', 'flagged', 'person', 'person_name', 'requests', 'sentence']);
  assert.deepEqual(readLine(line), ['usr_1', 'yes', 'usr_1', `'${name}`, '3', 'One person.']);
});
