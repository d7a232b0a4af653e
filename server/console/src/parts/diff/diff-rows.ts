import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

/** A part of a line; `isChanged`: what makes it differ. */
interface Piece {
  text: string;
  isChanged: boolean;
}

/** One line of a comparison, or a gap in it. */
export type DiffRow =
  | { kind: 'same' | 'removed' | 'added'; before: number | undefined; after: number | undefined; pieces: Piece[] }
  /** So many lines that are the same on both sides. */
  | { kind: 'gap'; lines: number; from: number };

/** Lines around a change that say where it is. */
const context = 3;

/** Two texts line by line, as far as they differ. None: they say the same. */
export function diffRows(before: string, after: string): DiffRow[] {
  const [a, b] = [Text.of(before.split(/\r?\n/)), Text.of(after.split(/\r?\n/))];
  const chunks = Chunk.build(a, b, { timeout: 500 });
  const rows: DiffRow[] = [];
  let [lineA, lineB] = [1, 1];
  const same = (count: number) => {
    for (let index = 0; index < count; index += 1, lineA += 1, lineB += 1)
      rows.push({
        kind: 'same',
        before: lineA,
        after: lineB,
        pieces: [{ text: a.line(lineA).text, isChanged: false }],
      });
  };
  for (const chunk of chunks) {
    const [firstA, lastA] = linesOf(a, chunk.fromA, chunk.toA);
    same(firstA - lineA);
    const [, lastB] = linesOf(b, chunk.fromB, chunk.toB);
    for (; lineA <= lastA; lineA += 1) {
      const marks = chunk.changes.map((each) => [each.fromA + chunk.fromA, each.toA + chunk.fromA] as const);
      rows.push({ kind: 'removed', before: lineA, after: undefined, pieces: piecesOf(a, lineA, marks) });
    }
    for (; lineB <= lastB; lineB += 1) {
      const marks = chunk.changes.map((each) => [each.fromB + chunk.fromB, each.toB + chunk.fromB] as const);
      rows.push({ kind: 'added', before: undefined, after: lineB, pieces: piecesOf(b, lineB, marks) });
    }
  }
  if (chunks.length === 0) return [];
  same(a.lines - lineA + 1);
  return folded(rows);
}

/** First and last line of a chunk; the last is before the first where this side has none of it. */
function linesOf(text: Text, from: number, to: number): readonly [number, number] {
  if (from > text.length) return [text.lines + 1, text.lines];
  const first = text.lineAt(from).number;
  return from === to ? [first, first - 1] : [first, text.lineAt(Math.min(to - 1, text.length)).number];
}

function piecesOf(text: Text, number: number, marks: readonly (readonly [number, number])[]): Piece[] {
  const line = text.line(number);
  const pieces: Piece[] = [];
  let at = line.from;
  const add = (to: number, isChanged: boolean) => {
    if (to > at) pieces.push({ text: text.sliceString(at, to), isChanged });
    at = Math.max(at, to);
  };
  for (const [from, to] of marks) {
    if (to <= line.from || from >= line.to) continue;
    add(Math.min(from, line.to), false);
    add(Math.min(to, line.to), true);
  }
  add(line.to, false);
  // A line that is new as a whole has nothing that stands out in it.
  return pieces.every(({ isChanged }) => isChanged) ? [{ text: line.text, isChanged: false }] : pieces;
}

/** Long stretches that are the same give way. */
function folded(rows: readonly DiffRow[]): DiffRow[] {
  const near = rows.map((_, index) =>
    rows.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same'),
  );
  const result: DiffRow[] = [];
  for (const [index, row] of rows.entries()) {
    const last = result.at(-1);
    if (near[index] === true) result.push(row);
    else if (last?.kind === 'gap') last.lines += 1;
    else result.push({ kind: 'gap', lines: 1, from: index });
  }
  return result;
}
